/** The card of whatever data a protocol offers: what `data describe` runs. */
import { optional, pipeline } from '../../core/index.ts';
import { Ratings, Shape } from '../../nodes/ports.ts';
import { dataCard } from '../../nodes/reports/data-card.ts';

/**
 * `log` and `randomised` are the ratings as they came, self-selected and of uniformly random pairs. No method asks for them:
 * a protocol gives them so that its data can be described before a threshold or a split.
 */
export const dataCardPipeline = pipeline('data-card', {
  doc: 'Not a method: counts, histograms and the contrast of self-selected with random ratings, for `data describe`.',
  needs: {
    shape: Shape,
    train: Ratings,
    log: optional(Ratings),
    randomised: optional(Ratings),
    validation: optional(Ratings),
    uniform: optional(Ratings),
    test: optional(Ratings),
  },
}).step('card', dataCard, (up) => ({
  shape: up.shape,
  train: up.train,
  log: up.log,
  randomised: up.randomised,
  validation: up.validation,
  uniform: up.uniform,
  test: up.test,
}));
