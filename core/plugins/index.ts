export { type PluginApi, provideApi } from './api.ts';
export { configFileName, configSchema, type ProjectConfig, readConfig } from './config.ts';
export { type LoadOptions, loadPlugin } from './load.ts';
