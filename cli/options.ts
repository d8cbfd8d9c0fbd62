/** The options that several commands share. */
import type { OptionSpec } from './command.ts';

export const storeOptions: readonly OptionSpec[] = [
  { flags: '--store <dir>', text: 'where results are kept (default: COUNTERPOISE_STORE, else .counterpoise)' },
  { flags: '--fsync', text: 'also survive a power failure, at the price of a slower store' },
];
export const pluginOptions: readonly OptionSpec[] = [
  { flags: '--plugin <file>', text: 'a TypeScript file with own nodes or pipelines; may be repeated', many: true },
];
export const dataOptions: readonly OptionSpec[] = [
  { flags: '--data <dir>', text: 'the folder that holds coat/, ml-100k/, ... (default: COUNTERPOISE_DATA)' },
];
export const numericOptions: readonly OptionSpec[] = [
  {
    flags: '--numeric <mode>',
    text: 'strict (the default): the same bytes on every machine; fast: relaxed SIMD, where this Node has it',
  },
];
export const backendOptions: readonly OptionSpec[] = [
  {
    flags: '--backend <name>',
    text: 'what neural parts compute on: tensorflow (native), wasm or auto, the native library where it is installed',
    default: 'auto',
  },
];
export const protocolOptions: readonly OptionSpec[] = [
  {
    flags: '--on <name|file>',
    text: 'a data set by name, a data file or a data card; the embedded simulation unless given',
  },
  { flags: '--protocol <name>', text: 'a protocol by name, instead of the one that the method names for the data set' },
];
export const trialOptions: readonly OptionSpec[] = [
  { flags: '--seed <n>', text: 'seed of training and splitting', default: '0' },
  { flags: '--data-seed <n>', text: 'seed of simulation and subsampling', default: '0' },
  { flags: '--set <step.key=value>', text: 'change a setting; may be repeated', many: true },
];
export const seedsOption: OptionSpec = { flags: '--seeds <list>', text: 'several seeds: 1..10 or 1,2,5' };
/** Of every command that computes steps. */
export const computeOptions: readonly OptionSpec[] = [
  { flags: '--jobs <n>', text: 'worker threads (default: one a core; 0: no threads)' },
  {
    flags: '--checkpoint <seconds>',
    text: 'how often long fits save where they are; 0: never (default: COUNTERPOISE_CHECKPOINT, else 60)',
  },
];
export const runOptions: readonly OptionSpec[] = [
  { flags: '--only <step>', text: 'compute only this step and what it needs; may be repeated', many: true },
  { flags: '--until <step>', text: 'stop after this step; may be repeated', many: true },
  { flags: '--force [step]', text: 'compute even what is cached: all steps, or the named ones', many: true },
  ...computeOptions,
  {
    flags: '--on-error <what>',
    text: 'continue: finish independent branches; stop: start nothing more',
    default: 'continue',
  },
  { flags: '--no-floors', text: 'leave out the floor pipelines' },
];
export const tuneOptions: readonly OptionSpec[] = [
  {
    flags: '--tune',
    text: 'first search settings: as many trials for every method, selected on other data than the test',
  },
  { flags: '--budget <n>', text: 'with --tune: trials a method, the first with its own settings (default: 20)' },
  {
    flags: '--select <what>',
    text: "with --tune: validation (the protocol's uniform slice, the default) or snips (held-out biased rows, weighted)",
  },
  { flags: '--metric <name>', text: 'with --tune: what decides, as auc, logloss or ndcg@5 (default: auc)' },
];
export const statisticsOptions: readonly OptionSpec[] = [
  { flags: '--baseline <name>', text: 'the pipeline that others are compared with (default: the first)' },
  { flags: '--test <name>', text: 'paired test over seeds: t, wilcoxon, bootstrap or welch', default: 't' },
];
