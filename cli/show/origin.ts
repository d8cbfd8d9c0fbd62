import type { Origin } from '../../core/registry.ts';

/** Where a definition comes from: `nodes` or `pipelines` for what ships with the tool, else the plugin's file. */
export const fromText = ({ from }: Origin): string => (typeof from === 'string' ? from : from.plugin);
