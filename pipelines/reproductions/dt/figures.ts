/** Figures 3 to 5. The source of the paper has captions and discussion and no images: what is drawn follows those. */
import { type Claim, type Look, type Panel, type PaperFigure, type Quantity, said } from '../declaration.ts';
import { on } from './ranking.ts';
import { semi } from './semi-synthetic.ts';

const ranked = (metric: string, k: number | null): Quantity => ({ of: 'metric', metric, k, definition: 'dt-icde24' });
const judged = (metric: string): Quantity => ({ of: 'metric', metric, k: null, definition: 'soft-truth' });
/** A claim about points of a panel; `look` finds them under the panel's title, the line and x. */
const point = (look: Look, panel: string, line: string, x: number) => look.mean(panel, line, String(x));

const epsilons = [0, 0.2, 0.4, 0.6, 0.8];
const axes = [
  { axis: 'fixed', title: 'each pair judged by its own truth' },
  { axis: 'as-coded', title: 'as coded' },
] as const;
const lines = [
  ['MF', 'mf'],
  ['IPS', 'ips'],
  ['DR', 'dr-jl'],
  ['DT-IPS', 'dt-ips-oracle'],
  ['DT-DR', 'dt-dr-oracle'],
] as const;

const figure3Claims: readonly Claim[] = [
  {
    claim: 'DT has the smallest error for every epsilon',
    judge: (look) => {
      const found = epsilons.flatMap((x) => {
        const [dt, ips] = ['DT-IPS', 'IPS'].map((line) =>
          point(look, 'MSE, each pair judged by its own truth', line, x),
        );
        return dt === undefined || ips === undefined ? [] : [{ x, dt, ips }];
      });
      if (found.length === 0) return { finding: 'cannot tell', because: 'DT-IPS or IPS was not run' };
      return {
        finding: found.every(({ dt, ips }) => dt < ips) ? 'holds' : 'does not hold',
        because: `against the right truth the MSE of DT-IPS and IPS is ${found.map(({ x, dt, ips }) => `${said(dt, 5)} and ${said(ips, 5)} at epsilon ${x}`).join(', ')}`,
      };
    },
  },
  {
    claim: 'Errors fall as epsilon grows because there is less heterogeneity',
    judge: () => ({
      finding: 'cannot tell',
      because:
        'with the axes mixed up as coded they must fall, whatever the method does: the spread of the truth shrinks with 1 - epsilon and a mean squared error with its square',
    }),
  },
];
export const figure3: PaperFigure = {
  title: 'Figure 3: errors on semi-synthetic data by epsilon',
  seeds: [2020],
  panels: axes.flatMap(({ axis, title }) =>
    (['mse', 'mae'] as const).map(
      (metric): Panel => ({
        title: `${metric.toUpperCase()}, ${title}`,
        data: 'ml-100k',
        x: { title: 'epsilon' },
        y: { title: metric.toUpperCase() },
        quantity: judged(metric),
        plateau: false,
        series: lines.map(([label, pipeline]) => ({
          label,
          points: epsilons.map((epsilon) => ({ x: epsilon, entry: semi(pipeline, { rho: 1, axis, epsilon }) })),
        })),
      }),
    ),
  ),
  choices: ['rho is 1, one seed; the paper names neither its grid of epsilon nor its rho here.'],
  claims: figure3Claims,
};

const betas = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
const dt = [
  ['DT-IPS', 'dt-ips', 6],
  ['DT-DR', 'dt-dr', 9],
] as const;
const beta = (pipeline: string, cost: number, weight: number) =>
  on('coat-dt', pipeline, cost, { 'model.penaltyWeight': weight });
const lists = [
  ['AUC', 'auc', null],
  ['N@5', 'ndcg', 5],
  ['R@5', 'recall', 5],
] as const;
export const figure4: PaperFigure = {
  title: 'Figure 4: the weight of the penalty',
  seeds: [2020, 2021, 2022],
  panels: [
    ...lists.map(
      ([title, metric, k]): Panel => ({
        title: `${title} on Coat`,
        data: 'coat',
        x: { title: 'beta', log: true },
        y: { title },
        quantity: ranked(metric, k),
        plateau: true,
        series: dt.map(([label, pipeline, cost]) => ({
          label,
          points: betas.map((x) => ({ x, entry: beta(pipeline, cost, x) })),
        })),
      }),
    ),
    ...dt.map(
      ([label, pipeline, cost]): Panel => ({
        title: `Penalty of ${label} over training, its weight taken out`,
        data: 'coat',
        x: { title: 'epoch' },
        y: { title: 'penalty / beta', log: true },
        curves: [1e-3, 1e-2, 1e-1].map((weight) => ({
          label: `beta ${weight}`,
          entry: beta(pipeline, cost, weight),
          curve: {
            plus: ['loss'],
            minus: ['loss risk', 'loss observation', ...(pipeline === 'dt-dr' ? ['loss imputation'] : [])],
            scale: 1 / weight,
          },
        })),
      }),
    ),
  ],
  choices: [
    'On Coat; the paper draws Yahoo! R3 and KuaiRec, which are not here. Three seeds a point; the curves are of the first seed.',
    'The curves have both terms of the penalty, the cross-Gram and the mean square: the loss less its other terms.',
  ],
  claims: [
    {
      claim: 'Quality by beta is an inverted U',
      judge: (look) => {
        const found = betas.flatMap((x) => {
          const mean = point(look, 'AUC on Coat', 'DT-DR', x);
          return mean === undefined ? [] : [{ x, mean }];
        });
        if (found.length < 3)
          return { finding: 'cannot tell', because: 'fewer than three weights were run with DT-DR' };
        const top = [...found].sort((a, b) => b.mean - a.mean)[0] as { x: number; mean: number };
        const inside = top !== found[0] && top !== found.at(-1);
        return {
          finding: inside ? 'holds' : 'does not hold',
          because: `on Coat DT-DR has its best AUC, ${said(top.mean)}, at beta ${top.x}`,
        };
      },
    },
  ],
};

const shares = [0.2, 0.4, 0.6, 0.8, 1];
const sparse = [
  ['MF', 'mf', 1],
  ['IPS', 'ips', 2],
  ['DR-JL', 'dr-jl', 3],
  ['ESMM', 'esmm', 2],
  ['DT-IPS', 'dt-ips', 6],
  ['DT-DR', 'dt-dr', 9],
] as const;
const thinned = (pipeline: string, cost: number, share: number) =>
  share === 1
    ? on('coat-dt', pipeline, cost)
    : on('coat-dt-thinned', pipeline, cost * share, { 'data.thin.test': Number((1 - share).toFixed(2)) });
const kinds = [
  ['AUC on Coat', 'AUC', ranked('auc', null)],
  ['Training time on Coat', 'seconds', { of: 'training-seconds' }],
] as const;
export const figure5: PaperFigure = {
  title: 'Figure 5: sparsity',
  seeds: [2020, 2021, 2022],
  panels: kinds.map(
    ([title, y, quantity]): Panel => ({
      title,
      data: 'coat',
      x: { title: 'share of the training ratings' },
      y: { title: y },
      quantity,
      plateau: y === 'AUC',
      series: sparse.map(([label, pipeline, cost]) => ({
        label,
        points: shares.map((x) => ({ x, entry: thinned(pipeline, cost, x) })),
      })),
    }),
  ),
  choices: [
    'Rows are left out at random, another draw a seed; settings are those for all of Coat. Times are of this machine.',
  ],
  claims: [
    {
      claim: 'DT trains within twice the time of the baselines',
      judge: (look) => {
        const found = shares.flatMap((x) => {
          const [a, b] = ['DT-DR', 'DR-JL'].map((line) => point(look, 'Training time on Coat', line, x));
          return a === undefined || b === undefined || b === 0 ? [] : [{ x, ratio: a / b }];
        });
        if (found.length === 0) return { finding: 'cannot tell', because: 'DT-DR or DR-JL was not run' };
        return {
          finding: found.every(({ ratio }) => ratio <= 2) ? 'holds' : 'does not hold',
          because: `DT-DR takes ${found.map(({ x, ratio }) => `${ratio.toFixed(1)} times as long as DR-JL with ${x * 100} % of the ratings`).join(', ')}`,
        };
      },
    },
  ],
};
