/** `export`: an artifact of a run as a file for other tools. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { splitAddress } from '../../core/pipeline/graph.ts';
import { didYouMean } from '../../core/registry.ts';
import { fetch } from '../../core/run/values.ts';
import type { Artifact, RunStep } from '../../core/store.ts';
import { type ExportFormat, exportFormats, exportFrame, formatOfPath } from '../../storage/index.ts';
import type { CommandResult, Context } from '../command.ts';
import { choosePipeline, findRun, type LabelledPipeline, openStoreOf } from '../opening.ts';
import { sizeText } from '../sizes.ts';
import { text } from '../targets.ts';

type Format = ExportFormat | 'json';

export default async function (context: Context): Promise<CommandResult> {
  const [name, address] = context.args as [string, string];
  const store = openStoreOf(context);
  try {
    const run = findRun(name, store);
    const pipeline = choosePipeline(run, context.options);
    const { step, port, artifact } = outputOf(pipeline, address);
    const { format, file } = destination(context, `${step}.${port}`, artifact);
    const fetched = await fetch(artifact, store.objects);
    if (fetched.outcome !== 'found')
      throw new Problem('store-corrupt', `the store no longer holds '${step}.${port}' of this run: ${fetched.reason}`, {
        where: store.location,
        hint: `\`counterpoise ${run.record.command}\` computes it again`,
      });
    const written = await write(fetched.value, file, format);
    return {
      json: { run: run.id, pipeline: pipeline.label, seed: pipeline.seed, step, port, format, ...written },
      text: () =>
        `wrote ${written.file}: ${written.rows === null ? '' : `${written.rows.toLocaleString('en')} rows, `}${sizeText(written.bytes)}`,
    };
  } finally {
    store.close();
  }
}

function outputOf(pipeline: LabelledPipeline, address: string) {
  const whole = pipeline.steps.find(({ step }) => step === address);
  const [only, ...others] = Object.keys(whole?.outputs ?? {});
  const [step, port] = whole && only !== undefined && others.length === 0 ? [address, only] : splitAddress(address);
  const found = pipeline.steps.find((row) => row.step === step);
  const artifact = found?.outputs?.[port];
  if (artifact) return { step, port, artifact };
  if (found?.status === 'failed' || found?.status === 'skipped' || found?.status === 'cancelled')
    throw new Problem('upstream-missing', `step '${step}' has no outputs: it ${statusText(found)}`, { where: address });
  const known = pipeline.steps.flatMap((row) =>
    Object.keys(row.outputs ?? {}).map((output) => `${row.step}.${output}`),
  );
  throw new Problem('unknown-name', `pipeline '${pipeline.label}' of this run has no output '${address}'`, {
    hint: `${didYouMean(address, known)}it has ${known.join(', ')}`,
  });
}

const statusText = ({ status, reason }: RunStep) =>
  `${status === 'failed' ? 'failed' : `was ${status}`}${reason === undefined ? '' : ` (${reason})`}`;

function destination({ options }: Context, name: string, { port }: Artifact): { format: Format; file: string } {
  const [to, out] = [text(options.to), text(options.out)];
  const fitting: readonly Format[] = port === 'table' ? exportFormats : port === 'json' ? ['json'] : ['arrow'];
  const byEnding = out === undefined ? undefined : /\.json$/i.test(out) ? 'json' : formatOfPath(out);
  const format = (to ?? byEnding ?? (port === 'table' ? 'parquet' : fitting[0])) as Format;
  if (!fitting.includes(format)) {
    const kind = port === 'table' ? 'table' : port === 'json' ? 'value' : 'bundle of tensors';
    throw new Problem('usage', `'${name}' is a ${kind} and cannot be written as ${format}`, {
      hint: `--to takes ${fitting.join(', ')}`,
    });
  }
  return { format, file: resolve(out ?? `${name}.${format}`) };
}

type Value = Extract<Awaited<ReturnType<typeof fetch>>, { outcome: 'found' }>['value'];
async function write(value: Value, file: string, format: Format) {
  if (value.port === 'table') {
    const { path, rows, bytes } = await exportFrame(value.frame, file, format as ExportFormat);
    return { file: path, rows, bytes };
  }
  const bytes =
    value.port === 'json'
      ? Buffer.from(`${JSON.stringify(value.json, null, 2)}\n`)
      : Buffer.concat((await import('../../core/codec/arrow.ts')).encodeTensors(value.bundle) as Uint8Array[]);
  writeFileSync(file, bytes);
  return { file, rows: null, bytes: bytes.byteLength };
}
