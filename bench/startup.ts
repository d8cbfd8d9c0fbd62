/** Start-up of a fully cached quickstart: processor time of the bundled command line, and what npx adds. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchmark, format } from './figures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export const startup = () =>
  benchmark('startup', async ({ line, aim, promise }) => {
    promise('dist is built', existsSync(join(root, 'dist/cli.js')));
    const store = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'));
    try {
      const words = `run quickstart --store ${store}`;
      const first = timed(`node dist/cli.js ${words}`);
      line(`first run: ${format(first.wall)} s, ${format(first.cpu)} s of processor time`);
      const runs = Array.from({ length: 7 }, () => timed(`node dist/cli.js ${words}`));
      const bare = Array.from({ length: 7 }, () => timed('node -e 0'));
      const npx = Array.from({ length: 3 }, () => timed(`npx counterpoise ${words}`));
      const cpu = Math.min(...runs.map((r) => r.cpu));
      line(
        `fully cached: ${format(Math.min(...runs.map((r) => r.wall)))} s wall; bare node ${format(Math.min(...bare.map((r) => r.cpu)))} s of processor time`,
      );
      aim('fully cached quickstart, node dist/cli.js', cpu, 0.15, 's of processor time');
      line(`through npx: ${format(Math.min(...npx.map((r) => r.cpu)))} s of processor time`);
    } finally {
      rmSync(store, { recursive: true, force: true });
    }
  });

/** Wall and processor seconds of a shell command with its children, from the shell's own accounting. */
function timed(command: string): { wall: number; cpu: number } {
  const { stderr, status } = spawnSync(
    'bash',
    ['-c', `TIMEFORMAT='%R %U %S'; time ${command} >/dev/null 2>/dev/null`],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`'${command}' failed`);
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return { wall, cpu: user + system };
}
