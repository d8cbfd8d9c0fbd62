import { expect, test } from 'vitest';
import { z } from 'zod';
import { f32, f64, json, node, optional, pipeline, table, u32 } from '../../../core/index.ts';
import { assertGraph, checkGraph } from '../../../core/pipeline/check.ts';
import { cycle } from '../../../core/pipeline/cycle.ts';
import { emptyGraph, type Graph, type PlacedStep } from '../../../core/pipeline/graph.ts';

const run = () => ({}) as never;
const Plain = table({ user: u32, p: f32 });
const source = node('a/source', { doc: '', in: {}, out: { p: Plain }, run });
const richer = node('a/richer', { doc: '', in: {}, out: { p: table({ user: u32, p: f32, variance: f64 }) }, run });
const fitting = node('a/fitting', { doc: '', in: {}, out: { p: table({ user: u32, p: f32, variance: f32 }) }, run });
const taker = node('a/taker', {
  doc: '',
  in: { p: table({ user: u32, p: f32, variance: optional(f32) }) },
  out: { p: Plain },
  config: z.strictObject({ clip: z.number().default(0.1) }),
  run,
});
const base = pipeline('base', { needs: {} })
  .step('source', source, () => ({}))
  .step('taker', taker, (up) => ({ p: up.source.p }))
  .step('last', taker, (up) => ({ p: up.taker.p }));

test('a sound pipeline has no findings', () => {
  expect(checkGraph(base.graph)).toEqual([]);
});

test('a replacement that adds a column whose type clashes with a consumer is found, one that fits is used', () => {
  const [found] = checkGraph(base.as('other').replace('source', richer).graph);
  expect(found).toMatchObject({
    code: 'bad-wiring',
    path: ['steps', 'taker', 'in', 'p'],
    message:
      "input 'p' of step 'taker' (a/taker) does not fit: 'source.p' has column 'variance' as f64, and f32 is needed",
  });
  const fits = base.as('other').replace('source', fitting).graph;
  expect(checkGraph(fits)).toEqual([]);
  expect(fits.steps.taker?.wires.p?.port).toBe(fitting.out.p);
});

test('a cycle made by rewire is printed as a path', () => {
  const round = base.as('round').rewire('taker', taker, (up) => ({ p: up.last.p }));
  expect(checkGraph(round.graph).map(({ message }) => message)).toEqual([
    'the wires form a cycle: taker -> last -> taker',
  ]);
  expect(() => assertGraph(round.graph)).toThrow('the wires form a cycle: taker -> last -> taker');
});

const ring = (count: number): Graph => {
  const steps: Record<string, PlacedStep> = {};
  for (let n = 0; n < count; n++)
    steps[`s${n}`] = { node: taker, wires: { p: { from: `s${(n + 1) % count}.p`, port: Plain } } };
  return { ...emptyGraph('long'), steps };
};
/** The least disturbed of some timings. */
const fastest = (graph: Graph): number =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const started = performance.now();
      cycle(graph);
      return performance.now() - started;
    }),
  );

test('a long cycle is found in linear time and printed short', () => {
  const [short, long] = [ring(2_000), ring(64_000)];
  expect(cycle(long)?.length).toBe(64_001);
  // 32 times as long; a quadratic search takes 1,024 times, and memory that no cache holds some three times a linear one
  expect(fastest(long) / fastest(short)).toBeLessThan(320);
  expect(checkGraph(short)[0]?.message.length).toBeLessThan(200);
});

test('a diamond is no cycle', () => {
  const two = node('a/two', { doc: '', in: { a: Plain, b: Plain }, out: { p: Plain }, run });
  const diamond = pipeline('diamond', { needs: {} })
    .step('top', source, () => ({}))
    .step('left', taker, (up) => ({ p: up.top.p }))
    .step('right', taker, (up) => ({ p: up.top.p }))
    .step('bottom', two, (up) => ({ a: up.left.p, b: up.right.p }));
  expect(checkGraph(diamond.graph)).toEqual([]);
});

test('configs and settings for data sets are checked key by key', () => {
  const wrong = base
    .as('wrong')
    .configure({ taker: { clip: 'big' as never } })
    .settings({ coat: { takr: {}, last: { clop: 1 } as never, protocol: 'x' } as never });
  expect(checkGraph(wrong.graph).map(({ path, on, message }) => [path.join('.'), on, message])).toEqual([
    ['steps.taker.with.clip', 'value', "setting 'clip' of step 'taker' (a/taker): expected number, received string"],
    ['settings.coat.takr', 'key', "the settings for 'coat' name a step 'takr', and there is none"],
    ['settings.coat.last.clop', 'key', "step 'last' (a/taker) has no setting 'clop'"],
  ]);
});

test('what a variant sets wins over settings for a data set, and a new node leaves them behind', () => {
  const tuned = base.settings({ coat: { taker: { clip: 0.5 }, last: { clip: 0.6 } } });
  expect(tuned.as('a').configure({ taker: { clip: 0.7 } }).graph.settings).toEqual({ coat: { last: { clip: 0.6 } } });
  const other = node('a/other', { doc: '', in: {}, out: { p: Plain }, run });
  expect(tuned.as('b').replace('last', other).graph.settings).toEqual({ coat: { taker: { clip: 0.5 } } });
  expect(checkGraph(tuned.as('b').replace('last', other).graph)).toEqual([]);
});

test('the first finding is thrown, and says how many more there are', () => {
  const graph: Graph = {
    ...emptyGraph('odd'),
    needs: { value: json(z.number()) },
    steps: {
      'data.x': { node: taker, wires: { p: { from: 'value', port: json(z.number()) } } },
      value: { node: taker, wires: {} },
    },
  };
  expect(() => assertGraph(graph)).toThrow(
    expect.objectContaining({
      code: 'bad-wiring',
      message: "'data.x': the prefix 'data.' is kept for protocols",
      where: "pipeline 'odd': steps.data.x",
      hint: '3 more problems in this pipeline',
    }),
  );
});
