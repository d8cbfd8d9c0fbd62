import { z } from 'zod';
import { f64, json, Log, node, optional, table, utf8 } from '../../core/index.ts';
import { Propensities, Shape } from '../ports.ts';
import { calibrationError, suggestedClip, summariseWeights } from './weight-summary.ts';

const clips = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];

/**
 * What weights 1/p would do, before anything is trained on them.
 *
 * `facts` (name, value): rows; p.min, p.q01, p.median, p.max; ess (Kish: (sum w)^2 / sum w^2) and ess.share of the rows;
 * top1.share, the share of the weight that the heaviest 1 % of rows carry; calibration, sum(1/p) over users x items (1 when
 * the model is right, since E[sum o/p] = |D|); below.C, the share of train rows with p < C; with `truth` also ece, the
 * expected gap between p and the true propensity over ten equally filled bins.
 * `verdict`: the suggested clip, which is the smallest of the list at which the effective sample size is at least half of the
 * rows (0 when none is needed), and what looks wrong; findings are also warnings of the step.
 */
export const propensityDiagnosis = node('propensity/diagnosis', {
  doc: 'Effective sample size, weight concentration, calibration, overlap, and a suggested clip.',
  source: 'Kish 1965 (effective sample size); Schnabel et al. 2016 (calibration of sum o/p)',
  in: { p: Propensities, shape: Shape, truth: optional(Propensities) },
  out: {
    facts: table({ name: utf8, value: f64 }),
    verdict: json(z.strictObject({ suggestedClip: z.number(), findings: z.array(z.string()) })),
  },
  use: { log: Log },
  run({ p: { p }, shape, truth }, _, { log }) {
    const sorted = p.slice().sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    const plain = summariseWeights(sorted, 0);
    const facts: [string, number][] = [
      ['rows', p.length],
      ['p.min', at(0)],
      ['p.q01', at(0.01)],
      ['p.median', at(0.5)],
      ['p.max', at(1)],
      ['ess', plain.effective],
      ['ess.share', plain.effective / p.length],
      ['top1.share', plain.topShare],
      ['calibration', plain.sum / (shape.users * shape.items)],
      ...clips.map((clip): [string, number] => [`below.${clip}`, below(sorted, clip) / p.length]),
    ];
    if (truth) facts.push(['ece', calibrationError(p, truth.p)]);
    const clip = suggestedClip(sorted, clips);
    const findings = findingsOf(Object.fromEntries(facts), clip);
    for (const finding of findings) log.warn(finding);
    return {
      facts: { name: facts.map(([name]) => name), value: Float64Array.from(facts, ([, value]) => value) },
      verdict: { suggestedClip: clip, findings },
    };
  },
});

/** How many sorted values lie below a limit (binary search). */
function below(sorted: Float32Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function findingsOf(fact: Readonly<Record<string, number>>, clip: number): string[] {
  const found: string[] = [];
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const mend = `the suggested clip is ${clip}`;
  if (fact['ess.share']! < 0.3)
    found.push(
      `without a clip the effective sample size is ${percent(fact['ess.share']!)} of the rows: few rows would decide the result; ${mend}`,
    );
  if (fact['top1.share']! > 0.2)
    found.push(`without a clip the heaviest 1 % of rows carry ${percent(fact['top1.share']!)} of the weight`);
  const calibration = fact.calibration!;
  if (calibration < 0.5 || calibration > 2)
    found.push(
      `the inverse propensities add up to ${calibration.toFixed(2)} times the number of pairs, and should to 1: these are relative, not calibrated, propensities`,
    );
  return found;
}
