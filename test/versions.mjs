/**
 * `npm run versions`, or `npm run versions -- 22 26` for some: the build and the unit tests on every Node that is supported.
 * The versions come from npm's own `node` package, into a folder that is kept between calls. Exits non-zero when one fails.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const supported = ['20.19', '22', '24', '26'];
const root = fileURLToPath(new URL('..', import.meta.url));
const asked = process.argv.slice(2);
const unknown = asked.find((version) => !supported.includes(version));
if (unknown !== undefined) {
  console.error(`Node ${unknown} is not supported; supported are ${supported.join(', ')}`);
  process.exit(2);
}

const results = [];
for (const version of asked.length > 0 ? asked : supported) {
  const folder = join(tmpdir(), 'counterpoise-node', version);
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const bin = join(folder, 'node_modules/node/bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const exact = execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim();
  const started = performance.now();
  const passed = ['build', 'test:unit'].every((script) => {
    console.log(`\n== Node ${exact}: npm run ${script}`);
    return spawnSync('npm', ['run', script], { cwd: root, env, stdio: 'inherit' }).status === 0;
  });
  results.push({ exact, passed, seconds: (performance.now() - started) / 1000 });
}
console.log('');
for (const { exact, passed, seconds } of results)
  console.log(`Node ${exact}: ${passed ? 'passed' : 'FAILED'} in ${seconds.toFixed(0)} s`);
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
