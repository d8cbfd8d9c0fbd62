import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = `${root}test/core/types/generated/`;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nodeFile = `import { z } from 'zod'; import { f32, i64, node, optional, table, u32 } from '../../../../../core/index.ts';
export const T = table({ user: u32, item: u32, p: f32, time: optional(i64) });
const pass = { user: new Uint32Array(), item: new Uint32Array(), p: new Float32Array() };
${Array.from(
  { length: 24 },
  (
    _,
    i,
  ) => `export const n${i} = node('bench/n${i}', { doc: 'n', in: { a: T, b: table({ user: u32, item: u32 }), c: optional(T) }, out: { t: T, u: table({ user: u32, item: u32, w${i}: f32, p: f32 }) },
  config: z.strictObject({ clip: z.number().default(1), k${i}: z.number().int().default(2) }), run: () => ({ t: pass, u: { ...pass, w${i}: pass.p } }) });`,
).join('\n')}
export const source = node('bench/source', { doc: 's', in: { a: table({ user: u32, item: u32 }) }, out: { t: T, u: T }, run: () => ({ t: pass, u: pass }) });
export const weights = node('bench/weights', { doc: 's', in: { a: T }, out: { w: table({ user: u32, item: u32, w: f32 }) }, run: () => ({ w: { user: pass.user, item: pass.item, w: pass.p } }) });
`;

function pipelineFile(i: number, steps: number, variants: boolean): string {
  const chain = Array.from(
    { length: steps - 3 },
    (_, k) =>
      `\n  .step('s${k + 1}', n.n${(i + k) % 24}, (up) => ({ a: up.s${k}.t, b: up.s${Math.max(0, k - 2)}.u, c: up.start }), { clip: ${k} })`,
  ).join('');
  const text = `import { optional, pipeline } from '../../../../../core/index.ts';
import { bce, learner, outside, Ratings, score, Shape, simulation } from '../../fixtures.ts'; import * as n from './nodes.ts';
export const p${i} = pipeline('p${i}', { needs: { train: Ratings, test: Ratings, shape: Shape, start: optional(n.T) } })
  .step('model', learner(bce), (up) => ({ train: up.train, shape: up.shape }))
  .step('scores', score, (up) => ({ model: up.model.params, pairs: up.test }), { top: 5 })
  .step('s0', n.source, (up) => ({ a: up.train }))${chain};\n`;
  if (!variants) return text;
  return `${text}export const a${i} = p${i}.as('a${i}').configure({ s1: { clip: 3 } }).method('model', (m) => m.with({ normalise: 'batch' }));
export const b${i} = p${i}.as('b${i}').replace('s2', n.n${(i + 1) % 24}, { clip: 2 }).step('more', n.n0, (up) => ({ a: up.s3.t, b: up.s1.u }));
export const c${i} = p${i}.as('c${i}').rewire('s3', n.n${(i + 2) % 24}, (up) => ({ a: up.s1.t, b: up.test })).step('w', n.weights, (up) => ({ a: up.s2.t })).rewire('model', learner(bce.with({ weight: outside() })), (up) => ({ train: up.train, shape: up.shape, w: up.w.w }));
export const done${i} = [p${i}.on(simulation), a${i}.on(simulation), b${i}.on(simulation), c${i}.on(simulation)];\n`;
}

/** Type instantiations of a project of generated pipelines. */
function instantiations(name: string, count: number, steps: number, variants: boolean): number {
  const at = `${folder}${name}/`;
  mkdirSync(at, { recursive: true });
  writeFileSync(`${at}nodes.ts`, nodeFile);
  for (let i = 0; i < count; i++) writeFileSync(`${at}p${i}.ts`, pipelineFile(i, steps, variants));
  writeFileSync(
    `${at}tsconfig.json`,
    JSON.stringify({ extends: '../../../../../tsconfig.json', include: ['.'], exclude: [] }),
  );
  const { stdout } = spawnSync(
    process.execPath,
    [`${root}node_modules/typescript/lib/tsc.js`, '-p', at, '--noEmit', '--extendedDiagnostics'],
    { encoding: 'utf8' },
  );
  expect(stdout.match(/error TS.*/)?.[0]).toBeUndefined();
  return Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
}

test('forty pipelines of eight steps with three variants each check in under 1.2 million instantiations', {
  timeout: 120_000,
}, () => {
  expect(instantiations('forty', 40, 8, true)).toBeLessThan(1_200_000);
});

test('a step costs at most 5,000 instantiations, up to 160 steps', { timeout: 120_000 }, () => {
  const short = instantiations('eighty', 1, 80, false);
  const long = instantiations('hundred-sixty', 1, 160, false);
  expect((long - short) / 80).toBeLessThan(5_000);
  expect(long / 160).toBeLessThan(5_000);
});
