/** The DT rows of the semi-synthetic table: they know the link that made the data, so they are no baselines for real data. */
import { pipeline } from '../../core/index.ts';
import { dtDrOracle as dtDrOracleMethod } from '../../nodes/estimators/dt-dr-oracle.ts';
import { dtIpsOracle as dtIpsOracleMethod } from '../../nodes/estimators/dt-ips-oracle.ts';
import { evaluate } from '../../nodes/evaluation/evaluate.ts';
import { meanLabel } from '../../nodes/imputation/mean-label.ts';
import { learner } from '../../nodes/learning/learner.ts';
import { Indicators } from '../../nodes/ports.ts';
import { score } from '../../nodes/scoring/score.ts';
import { ratedNeeds } from '../needs.ts';
import { judged, scored } from '../wires.ts';

const needs = { ...ratedNeeds, indicator: Indicators };

export const dtIpsOracle = pipeline('dt-ips-oracle', {
  doc: "DT-IPS as coded for semi-synthetic data: the propensity is the generator's own link of the prediction.",
  needs,
})
  .step('model', learner(dtIpsOracleMethod), (up) => ({
    train: up.train,
    shape: up.shape,
    indicator: up.indicator,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged);

export const dtDrOracle = pipeline('dt-dr-oracle', {
  doc: "DT-DR as coded for semi-synthetic data: the generator's own link as propensity, a constant imputed label.",
  needs,
})
  .step('prior', meanLabel, (up) => ({ labels: up.train }))
  .step('model', learner(dtDrOracleMethod), (up) => ({
    train: up.train,
    shape: up.shape,
    indicator: up.indicator,
    prior: up.prior.prior,
  }))
  .step('scores', score, scored)
  .step('metrics', evaluate, judged);
