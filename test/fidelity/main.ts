/** `npm run fidelity`, or `npm run fidelity -- dt` for one set. Exits non-zero when a port is not faithful. */
import { benchmark, type Figures } from '../../bench/figures.ts';
import { Problem } from '../../core/errors.ts';
import { judgeFidelity } from './judge.ts';
import { macr } from './macr.ts';
import { macrPeer } from './macr-peer.ts';
import { measure } from './measure.ts';
import { recovery, wholeSimulation } from './recovery.ts';
import type { ReferenceSet } from './reference.ts';
import { dt } from './references/dt.ts';
import { idcf } from './references/idcf.ts';
import { semi } from './semi.ts';
import { slice } from './slice.ts';
import { verdictLines } from './table.ts';

/** Cells that are judged by the fidelity rule, over seeds. */
const judged =
  (name: string, set: ReferenceSet) =>
  async ({ line, promise }: Figures) => {
    const { rows, computed, cached, seconds } = await measure(name, set);
    const verdict = judgeFidelity(set, rows);
    for (const text of verdictLines(set, verdict)) line(text);
    line(`${computed} steps computed and ${cached} found in the store, ${seconds.toFixed(0)} s`);
    promise(
      'floors equal the reference to four digits',
      verdict.floors.every(({ equal }) => equal),
    );
    promise('every method is faithful to its reference', verdict.rule.passes);
  };

const sets: Readonly<Record<string, (figures: Figures) => Promise<void>>> = {
  dt: judged('dt', dt),
  'dt-semi': semi,
  'dt-slice': slice,
  idcf: judged('idcf', idcf),
  'idcf-simulation': recovery('judged'),
  'idcf-simulation-noisy': recovery('reported'),
  'ividr-simulation': (figures) => wholeSimulation(figures),
  macr,
  'macr-peer': macrPeer,
};
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in sets));
if (unknown !== undefined) {
  console.error(`there are no references '${unknown}'; there are ${Object.keys(sets).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(sets)) {
  try {
    const check = sets[name] as (figures: Figures) => Promise<void>;
    if (!(await benchmark(`fidelity-${name}`, check, `npm run fidelity -- ${name}`))) process.exitCode = 1;
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    console.error(`${failure.message}${failure.hint ? `\n${failure.hint}` : ''}`);
    process.exitCode = 1;
  }
  console.log('');
}
