/**
 * Ranks all items for all test users and measures the lists, in a process of its own: `ours.ts CASE.json THREADS ENTRY`, the
 * last being the program of a thread. Answers each line on its input with one: `{ ms, wall, peak, metrics }`, ms of processor time.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { bind } from '../../core/index.ts';
import { runNode } from '../../core/testing/index.ts';
import { idleCores, kernelThreads } from '../../kernel-threads.ts';
import { evaluateLists } from '../../nodes/evaluation/evaluate-lists.ts';
import { definitionOf } from '../../nodes/evaluation/presets.ts';
import { Rows } from '../../nodes/learning/expression/tree.ts';
import { Numeric } from '../../nodes/learning/kernels/numeric.ts';
import { wasmEngine } from '../../nodes/learning/kernels/wasm.ts';
import { topLists } from '../../nodes/ranking/top-lists.ts';
import { serviceParts } from '../../services.ts';
import type { RankingCase } from './cases.ts';

const { users, items, width, top, files } = JSON.parse(
  readFileSync(process.argv[2] as string, 'utf8'),
) as RankingCase & {
  files: Readonly<Record<string, string>>;
};
const bytes = (name: string) => new Uint8Array(readFileSync(files[name] as string)).buffer;
const pairs = (name: string) => ({
  user: new Uint32Array(bytes(`${name}User`)),
  item: new Uint32Array(bytes(`${name}Item`)),
});
const tables = { P: { rows: 'user', width }, Q: { rows: 'item', width } };
const serving = { tables, scores: { z: { dot: ['P', 'Q'] } }, serve: new Rows({ op: 'score', name: 'z' }).tree };
const model = {
  head: { method: 'bench', serving },
  tensors: {
    P: { shape: [users, width], data: new Float32Array(bytes('P')) },
    Q: { shape: [items, width], data: new Float32Array(bytes('Q')) },
  },
} as never;
const shape = { users, items };
const [known, test] = [pairs('train'), pairs('test')];
const evaluation = definitionOf('macr', {
  cutoffs: Array.from({ length: top }, (_, k) => k + 1),
  metrics: ['hr', 'recall', 'ndcg'],
});
const { binary } = (await serviceParts(() => undefined)).numeric;
const more = { entry: pathToFileURL(process.argv[4] as string).href, idle: idleCores(Number(process.argv[3]) - 1) };
const numeric = wasmEngine(binary, kernelThreads(more, binary));

async function evaluated() {
  const before = process.cpuUsage();
  const clock = performance.now();
  const { lists } = await runNode(topLists, { model, test, known, shape }, { top }, { use: [bind(Numeric, numeric)] });
  const { metrics } = await runNode(evaluateLists, { lists, test, known, evaluation, shape });
  const { user, system } = process.cpuUsage(before);
  const found = Object.fromEntries(
    metrics.metric.map((name, row) => [`${name}@${metrics.k[row]}`, metrics.value[row]]),
  );
  return { ms: (user + system) / 1000, wall: performance.now() - clock, metrics: found };
}

const answer = (value: object) =>
  console.log(JSON.stringify({ ...value, peak: process.resourceUsage().maxRSS * 1024 }));
answer({ ready: true });
for await (const _ of createInterface({ input: process.stdin })) answer(await evaluated());
