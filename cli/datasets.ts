/** Which protocol a data set means when nobody names one. */
import { Problem } from '../core/errors.ts';
import { didYouMean, type Registry } from '../core/registry.ts';

/**
 * The only protocol on the data set, or the one marked as its default.
 * @throws Problem unknown-name
 */
export function protocolOfDataset(dataset: string, registry: Registry): string {
  const protocols = [...registry.protocols.values()].map(({ value }) => value);
  const fitting = protocols.filter((p) => p.evaluation.dataset === dataset);
  const chosen = fitting.find((p) => p.evaluation.default) ?? fitting[0];
  if (chosen) return chosen.name;
  const known = [...new Set(protocols.map((p) => p.evaluation.dataset))];
  throw new Problem('unknown-name', `there is no data set '${dataset}'`, {
    hint: `${didYouMean(dataset, known)}known are ${known.join(', ')}; a file is given by its path`,
  });
}
