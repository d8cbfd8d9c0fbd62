/**
 * Kills runs at random moments and looks at what is left: a store in which nothing is broken, from which the next run gives
 * the same bytes as an undisturbed one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { randomOf } from '../../core/numeric/random.ts';
import { openStore, verifyStore } from '../../storage/index.ts';

export interface KillReport {
  readonly kills: number;
  /** Runs that ended before the signal came. */
  readonly tooLate: number;
  readonly findings: readonly unknown[];
  readonly danglingMemos: number;
  readonly sameAsQuiet: boolean;
  readonly seconds: number;
}

/**
 * @param kills how many SIGKILLs must have hit a living process
 * @param pairs share of rounds in which two processes work on the store at once
 */
export async function killRuns(kills: number, pairs: number, seed: number): Promise<KillReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-torture-'));
  const random = randomOf(seed);
  try {
    const child = join(folder, 'child.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('./child.ts', import.meta.url))],
      outfile: child,
      bundle: true,
      format: 'esm',
      platform: 'node',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      external: ['@duckdb/node-api', 'esbuild'],
      logLevel: 'silent',
    });
    const quiet = finish(child, join(folder, 'quiet'), allSeeds);
    const target = join(folder, 'store');
    let hit = 0;
    let late = 0;
    for (let round = 0; hit < kills; round++) {
      // new seeds keep coming, so that there is always something left to compute
      const seeds = seedsOf(round);
      const victims = Array.from({ length: random.uniform() < pairs ? 2 : 1 }, () =>
        struck(child, target, seeds, quiet.ms * random.uniform()),
      );
      for (const killed of await Promise.all(victims)) {
        if (killed) hit++;
        else late++;
      }
    }
    const store = openStore(target);
    // what a killed process leaves lying about is not damage
    const findings = (await verifyStore(store)).findings.filter(({ severity }) => severity === 'damage');
    const dangling = store.memos
      .all()
      .filter((memo) => Object.values(memo.outputs).some(({ object }) => !store.objects.has(object)));
    store.close();
    const after = finish(child, target, allSeeds);
    return {
      kills: hit,
      tooLate: late,
      findings,
      danglingMemos: dangling.length,
      sameAsQuiet: after.text === quiet.text,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const allSeeds = '0,1,2';
/** Every third round works on the seeds that the final run asks for; the others on fresh ones. */
const seedsOf = (round: number) => (round % 3 === 0 ? allSeeds : `${1000 + round},${2000 + round},${round % 3}`);

/** Starts a run and kills it after `afterMs`; false when it was done before. */
function struck(child: string, store: string, seeds: string, afterMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const victim = spawn(process.execPath, [child, store, seeds], { stdio: 'ignore' });
    const timer = setTimeout(() => victim.kill('SIGKILL'), afterMs);
    victim.on('error', reject);
    victim.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`a run in the tortured store failed with code ${code}`));
    });
  });
}

/** An undisturbed run to its end. */
function finish(child: string, store: string, seeds: string): { text: string; ms: number } {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [child, store, seeds], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the quiet run failed: ${stderr}`);
  return { text: stdout, ms: performance.now() - began };
}
