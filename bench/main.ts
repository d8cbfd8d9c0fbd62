/** `npm run bench`, or `npm run bench -- planning hashing` for some. Exits non-zero when a promise is broken. */
import { clicks } from './clicks.ts';
import { cold } from './cold.ts';
import { copies } from './copies.ts';
import { hashing } from './hashing.ts';
import { neural } from './neural.ts';
import { planning } from './planning.ts';
import { ranking } from './ranking.ts';
import { startup } from './startup.ts';
import { training } from './training.ts';

const all: Readonly<Record<string, () => Promise<boolean>>> = {
  planning,
  hashing,
  cold,
  copies,
  startup,
  training,
  clicks,
  neural,
  ranking,
};
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in all));
if (unknown !== undefined) {
  console.error(`there is no benchmark '${unknown}'; there are ${Object.keys(all).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(all)) {
  if (!(await (all[name] as () => Promise<boolean>)())) process.exitCode = 1;
  console.log('');
}
