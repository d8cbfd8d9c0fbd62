/** How many rows the batches of each stream have, and which columns they can hold. */
import { Problem } from '../../../core/index.ts';
import type { Program, StreamDeclaration } from '../declaration.ts';
import { blocksOf, type TrainingRows } from '../sampling/samplers.ts';

/** @throws Problem bad-config when the data cannot fill the batches, or for a stream that the engine does not run yet */
export function batchSizes(streams: Program['streams'], rows: TrainingRows): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const pairs = rows.users * rows.items;
  for (const [name, stream] of Object.entries(streams)) {
    if (stream.draw === 'triples') sizes.set(name, stream.batch);
    else if (stream.draw === 'observed') sizes.set(name, Math.min(stream.batch, rows.user.length));
    else if (stream.draw === 'blocks')
      sizes.set(name, blocksOf(rows.users, stream.users).size * blocksOf(rows.items, stream.items).size);
    else if ('batch' in stream) sizes.set(name, Math.min(stream.batch, pairs));
  }
  for (const [name, stream] of Object.entries(streams)) {
    if (!('per' in stream)) continue;
    const driver = sizes.get(stream.per);
    if (driver === undefined)
      throw new TypeError(`stream '${name}' follows stream '${stream.per}', which is not declared before it`);
    const size = Math.round(driver * stream.ratio);
    const follows = streams[stream.per];
    const fills = follows?.draw === 'observed' && follows.last === 'fill';
    const steps = Math[fills ? 'ceil' : 'floor'](rows.user.length / driver);
    if (size * steps > pairs)
      throw new Problem(
        'bad-config',
        `an epoch of ${steps} batches needs ${size * steps} pairs, and ${rows.users} users x ${rows.items} items are ${pairs}`,
        {
          where: `ratio ${stream.ratio}`,
          hint: `at most ${Math.floor(pairs / (driver * steps))} pairs a rating can be drawn`,
        },
      );
    sizes.set(name, size);
  }
  for (const [name, size] of sizes)
    if (!(size > 0)) throw new Problem('bad-data', `there is nothing to train on: stream '${name}' is empty`);
  return sizes;
}

/** @throws TypeError for a column that the stream cannot have */
export function knownColumn(name: string, stream: StreamDeclaration, streamName: string, rows: TrainingRows): void {
  if (name === 'o') return;
  if (!(name in rows.columns))
    throw new TypeError(`there is no column '${name}'; there are o, ${Object.keys(rows.columns).join(', ')}`);
  if (stream.draw !== 'observed' && stream.draw !== 'triples' && name !== 'y')
    throw new TypeError(
      `column '${name}' is known for observed rows only, and stream '${streamName}' draws from all pairs`,
    );
}

/** @throws TypeError for an item that the rows of the stream do not have: 0 is the positive, n the n-th negative */
export function knownItem(stream: StreamDeclaration, streamName: string, at: number): void {
  const negatives = stream.draw === 'triples' ? stream.negatives : 0;
  if (at > negatives)
    throw new TypeError(
      negatives === 0
        ? `stream '${streamName}' has no negatives: a score of one is asked for`
        : `stream '${streamName}' has ${negatives} negatives: a score of number ${at} is asked for`,
    );
}
