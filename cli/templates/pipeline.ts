/** The file that `new pipeline` writes: a variant that spells out one setting and lists what else can be changed. */
import type { NormalisedPipeline, NormalisedStep } from '../../core/pipeline/normalise.ts';

export function pipelineTemplate(name: string, original: NormalisedPipeline): string {
  const steps = Object.entries(original.steps);
  const chosen = steps.find(([, step]) => firstNumber(step) !== undefined) ?? steps[0];
  const [key, value] = (chosen && firstNumber(chosen[1])) ?? [];
  return [
    '# For completion in an editor: counterpoise schema pipeline > pipeline.schema.json, and then this as the first line:',
    '# yaml-language-server: $schema=./pipeline.schema.json',
    '',
    '# the name under which results stand in tables',
    `pipeline: ${name}`,
    '# everything that is not said here is as in this one',
    `extends: ${original.pipeline}`,
    `doc: ${original.pipeline} with a change of mine.`,
    '',
    `# The steps of ${original.pipeline}:`,
    ...steps.map(([step, of]) => `#   ${step}: ${of.use}  ${flow(of.with)}`.trimEnd()),
    '#',
    '# Of each can be changed:',
    '#   use: another node that needs no more and gives no less (counterpoise list nodes)',
    '#   in: its wires, as { input: step.port }',
    '#   with: its settings (counterpoise show NODE)',
    '#   method: what a learner trains, as { use, with, parts }',
    ...(chosen === undefined || key === undefined
      ? ['steps: {}', '']
      : ['steps:', `  ${chosen[0]}:`, `    with: { ${key}: ${value} }`, '']),
  ].join('\n');
}

const firstNumber = ({ with: config }: NormalisedStep): readonly [string, number] | undefined =>
  Object.entries(config).find((entry): entry is [string, number] => typeof entry[1] === 'number');

const flow = (config: Readonly<Record<string, unknown>>): string => {
  const text = Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return text.length === 0 ? '' : `{ ${text.join(', ')} }`;
};
