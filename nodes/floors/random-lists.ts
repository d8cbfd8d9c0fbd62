import { Log, node, Problem } from '../../core/index.ts';
import { groupBy } from '../../core/numeric/index.ts';
import { averages, expected, listMetricsOf } from '../evaluation/average.ts';
import { evaluatedUsers, listsOf } from '../evaluation/given-lists.ts';
import { metricRows, userRows } from '../evaluation/rows.ts';
import { checkIds } from '../learning/ids.ts';
import { knownRows } from '../learning/ranking/known-rows.ts';
import { Evaluation, Metrics, Pairs, PerUserMetrics, Shape } from '../ports.ts';

/**
 * What evaluation/evaluate-lists gives in the mean when all orders of a user's items are equally likely, in closed form (beside
 * each metric in nodes/evaluation/metrics/). It needs to know how many items a user has left and how many of them are wanted, and
 * no list of them. Errors and AUC are those of scores, and not there.
 *
 * @throws Problem bad-config for a definition that ranks only rated items; bad-data for an id outside the shape
 */
export const randomListsFloor = node('floors/random-lists', {
  doc: 'What a uniformly random order of all items gives in the mean, in closed form.',
  in: { test: Pairs, known: Pairs, evaluation: Evaluation, shape: Shape },
  out: { metrics: Metrics, perUser: PerUserMetrics },
  use: { log: Log },
  run({ test, known, evaluation, shape }, _, { log }) {
    if (evaluation.candidates !== 'all')
      throw new Problem('bad-config', `'${evaluation.name}' ranks the rated items of a user, and not all items`, {
        where: 'evaluation',
        hint: "set `candidates: 'all'` in evaluation/definition, or take floors/random",
      });
    checkIds(test, 'test', shape);
    const wanted = { ...groupBy(test.user, shape.users), item: test.item };
    const knows = knownRows({ known }, shape);
    const users = evaluatedUsers(wanted, knows, evaluation);
    if (users.length === 0) log.warn('the test set is empty: no metric is defined');
    const rows = metricRows(evaluation.name);
    const perUser = userRows(users.length * listMetricsOf(evaluation).length * evaluation.cutoffs.length);
    const means = averages(evaluation, expected, perUser);
    const found = listsOf({ wanted, users, known: knows, shape }, evaluation);
    for (const user of users) means.add(user, found.of(user));
    means.finish(rows);
    return { metrics: rows.table(), perUser: perUser.table() };
  },
});
