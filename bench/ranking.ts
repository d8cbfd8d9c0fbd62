/**
 * What ranking all items costs, with the known ones masked, lists of 20 and metrics at every cut-off, beside PyTorch doing the
 * same: processor time on one thread each, and time on the clock on two; medians of runs that alternate. The peer needs torch as bench/training.ts says.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchmark, type Figures, format } from './figures.ts';
import { cases, drawn, type RankingCase } from './ranking/cases.ts';
import { Trainee } from './training/process.ts';
import { bundled, median, pythonWithTorch } from './training/sides.ts';

const rounds = 5;
const threadCounts = [1, 2] as const;
interface Evaluated {
  readonly ms: number;
  readonly wall: number;
  readonly peak: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export const ranking = () =>
  benchmark('ranking', async (figures) => {
    const folder = mkdtempSync(join(tmpdir(), 'counterpoise-ranking-'));
    try {
      const ours = await bundled('ranking/ours.ts');
      const thread = await bundled('../thread.ts');
      const python = pythonWithTorch();
      figures.line(
        python
          ? `peer: PyTorch ${python.version}; ratios are peer / ours`
          : 'no PyTorch here, so no ratios: python3 -m venv /tmp/torch-venv && /tmp/torch-venv/bin/pip install torch numpy',
      );
      for (const [name, given] of Object.entries(cases))
        await oneCase(name, given, { ours, thread, folder, python: python?.command, figures });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

interface Surroundings {
  readonly ours: string;
  readonly thread: string;
  readonly folder: string;
  readonly python: string | undefined;
  readonly figures: Figures;
}
async function oneCase(name: string, given: RankingCase, { ours, thread, folder, python, figures }: Surroundings) {
  const file = written(name, given, folder);
  const script = fileURLToPath(new URL('peers/ranking.py', import.meta.url));
  const sides = new Map<string, Trainee<Evaluated>>();
  for (const threads of threadCounts) {
    const count = String(threads);
    sides.set(`ours ${count}`, await Trainee.start<Evaluated>(process.execPath, [ours, file, count, thread]));
    if (python) sides.set(`PyTorch ${count}`, await Trainee.start<Evaluated>(python, [script, file, count]));
  }
  const { users, items, width, top, train, test } = given;
  const { line, aim, promise } = figures;
  line('');
  line(`${name} size: ${users} users x ${items} items, width ${width}, ${train} known and ${test} wanted items a user`);
  try {
    const answers = new Map<string, Evaluated[]>([...sides.keys()].map((who) => [who, []]));
    for (let round = 0; round <= rounds; round++)
      for (const [who, side] of sides) {
        const answer = await side.ask({ do: 'evaluate' });
        if (round > 0) answers.get(who)!.push(answer);
      }
    const timeOf = (who: string) => median(answers.get(who)!.map(({ ms, wall }) => (who.endsWith(' 1') ? ms : wall)));
    for (const [who, of] of answers)
      line(
        `  ${who.padEnd(9)} ${who.endsWith('1') ? 'thread, ' : 'threads,'} ${format(users / (timeOf(who) / 1000))} users/s, ${format(timeOf(who) / 1000)} s in all, peak ${Math.round(of.at(-1)!.peak / 2 ** 20)} MB`,
      );
    if (!python) return;
    const [mine, theirs] = ['ours 2', 'PyTorch 1'].map((who) => answers.get(who)!.at(-1)!.metrics);
    const worst = Math.max(...Object.entries(mine!).map(([cell, value]) => Math.abs(value - theirs![cell]!)));
    promise(
      `  hr, recall and ndcg at 1 to ${top} are the peer's within 1e-4 (worst ${worst.toExponential(1)})`,
      worst < 1e-4,
    );
    for (const threads of threadCounts)
      aim(
        `  against PyTorch, ${threads} thread${threads > 1 ? 's' : ''}`,
        timeOf(`PyTorch ${threads}`) / timeOf(`ours ${threads}`),
        1.5,
        'x',
        'higher',
      );
  } finally {
    for (const side of sides.values()) side.end();
  }
}

function written(name: string, given: RankingCase, folder: string): string {
  const { P, Q, train, test } = drawn(given);
  const columns = { P, Q, trainUser: train.user, trainItem: train.item, testUser: test.user, testItem: test.item };
  const files = Object.fromEntries(
    Object.keys(columns).map((column) => [column, join(folder, `${name}-${column}.bin`)]),
  );
  for (const [column, values] of Object.entries(columns)) writeFileSync(files[column] as string, values);
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ ...given, files }));
  return file;
}
