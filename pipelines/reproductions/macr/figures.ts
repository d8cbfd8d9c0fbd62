/** Figures 1 and 7 to 12, on Adressa. The source of the paper has captions and discussion and no images: what is drawn follows those. */
import { type Claim, type Entry, type Look, type Panel, type PaperFigure, type Series, said } from '../declaration.ts';
import { by, macrSeeds, measure, type Route, routes } from './rows.ts';

const [onTest] = routes;
const groups = ['<=10', '<=50', '<=100', '<=200', '<=500', '>500'] as const;
const activity = ['<=5', '<=7', '<=10', '<=15', '<=20', '>20'] as const;
const seeds = macrSeeds.slice(0, 1);

/** A line or bars over groups: a metric that carries the group's name. */
const over = (
  names: readonly string[],
  metric: string,
  label: string,
  entry: Entry,
  k: number | null,
  bars?: string,
): Series => ({
  label,
  points: names.map((name, x) => ({ x, entry, quantity: measure(`${metric}:${name}`, k) })),
  ...(bars !== undefined && { bars }),
});
const byPopularity = (
  title: string,
  metric: 'frequency' | 'recall',
  y: string,
  lines: readonly (readonly [string, Entry])[],
): Panel => ({
  title,
  data: 'adressa',
  x: { title: 'train clicks of an article', names: groups },
  y: { title: y },
  quantity: measure(metric),
  plateau: false,
  series: [
    over(groups, 'items', 'share of articles', (lines[0] as readonly [string, Entry])[1], 20, 'share of articles'),
    ...lines.map(([label, entry]) => over(groups, metric, label, entry, 20)),
  ],
});
const pairs = (route: Route) =>
  [
    [
      'MF',
      [
        ['MF', by(route, 'clicks-mf')],
        ['MACR_MF', by(route, 'macr-mf')],
      ],
    ],
    [
      'LightGCN',
      [
        ['LightGCN', by(route, 'clicks-lightgcn')],
        ['MACR_LightGCN', by(route, 'macr-lightgcn')],
      ],
    ],
  ] as const;
const point = (look: Look, panel: string, line: string, x: string | number) => look.mean(panel, line, String(x));

const notes = [
  'One seed. Epochs are chosen on the test set, as the authors do, where a panel says so.',
  'Groups are by train clicks, with the edges of the plotting script of the code.',
];

const frequencyPanel = 'Recommendation frequency, selection on test';
export const figure1: PaperFigure = {
  title: 'Figure 1: how often articles are recommended, by their popularity',
  seeds,
  panels: [
    byPopularity(frequencyPanel, 'frequency', 'lists an article', [
      ['MF', by(onTest, 'clicks-mf')],
      ['LightGCN', by(onTest, 'clicks-lightgcn')],
    ]),
  ],
  choices: notes,
  claims: [
    {
      claim: 'Popular articles are recommended much more often, and by LightGCN more than by MF',
      judge: (look) => {
        const [mf, lightgcn] = ['MF', 'LightGCN'].map((line) =>
          groups.map((name) => point(look, frequencyPanel, line, name)),
        );
        const [low, high] = [mf?.[0], mf?.at(-1)];
        if (low === undefined || high === undefined) return { finding: 'cannot tell', because: 'MF was not run' };
        const other = lightgcn?.at(-1);
        const because = `an article with more than 500 clicks is in ${said(high, 0)} lists of MF, one with at most 10 in ${said(low, 0)}${other === undefined ? '; LightGCN was not run' : `; LightGCN has the former in ${said(other, 0)}`}`;
        if (other === undefined) return { finding: high > low ? 'cannot tell' : 'does not hold', because };
        return { finding: high > low && other > high ? 'holds' : 'does not hold', because };
      },
    },
  ],
};

const cutoffs = [1, 5, 10, 15, 20];
const atCutoffs = { 'data.evaluation.cutoffs': cutoffs };
const fourModels = [
  ['MF', 'clicks-mf'],
  ['MACR_MF', 'macr-mf'],
  ['LightGCN', 'clicks-lightgcn'],
  ['MACR_LightGCN', 'macr-lightgcn'],
] as const;
const threeMetrics = [
  ['HR', 'hr'],
  ['NDCG', 'ndcg'],
  ['Recall', 'recall'],
] as const;
export const figure7: PaperFigure = {
  title: 'Figure 7: by the length of the list',
  seeds,
  panels: routes.flatMap((route) =>
    threeMetrics.map(
      ([title, metric]): Panel => ({
        title: `${title}@K, ${route.short}`,
        data: 'adressa',
        x: { title: 'K' },
        y: { title: `${title}@K` },
        quantity: measure(metric),
        plateau: false,
        series: fourModels.map(([label, pipeline]) => {
          const entry = by(route, pipeline, atCutoffs);
          return { label, points: cutoffs.map((k) => ({ x: k, entry, quantity: measure(metric, k) })) };
        }),
      }),
    ),
  ),
  choices: notes,
  claims: routes.flatMap(({ short }) =>
    (
      [
        ['MF', 'MACR_MF'],
        ['LightGCN', 'MACR_LightGCN'],
      ] as const
    ).map(
      ([backbone, method]): Claim => ({
        claim: `${method} lies above ${backbone} at every K (${short})`,
        judge: (look) => {
          const found = cutoffs.flatMap((k) => {
            const [a, b] = [backbone, method].map((line) => point(look, `HR@K, ${short}`, line, k));
            return a === undefined || b === undefined ? [] : [{ k, a, b }];
          });
          if (found.length === 0) return { finding: 'cannot tell', because: `${backbone} or ${method} was not run` };
          return {
            finding: found.every(({ a, b }) => b > a) ? 'holds' : 'does not hold',
            because: `HR of ${method} and ${backbone} is ${found.map(({ k, a, b }) => `${said(b)} and ${said(a)} at ${k}`).join(', ')}`,
          };
        },
      }),
    ),
  ),
};

const constants = [0, 5, 10, 15, 20, 25, 29, 30, 35, 40, 45, 50, 60];
const byConstant = (label: string, pipeline: string): Series => ({
  label,
  points: constants.map((c) => ({ x: c, entry: by(onTest, pipeline, { 'counterfactual.c': c }) })),
});
const constantPanels = [
  ['(a) MACR_LightGCN by c, selection on test', [byConstant('MACR_LightGCN', 'macr-lightgcn')]],
  [
    '(b) MACR_MF by c, selection on test',
    [byConstant('MACR_MF', 'macr-mf'), byConstant('MACR_MF, paired', 'macr-mf-paired')],
  ],
] as const;
const peak = (look: Look, panel: string, line: string) =>
  constants
    .flatMap((c) => {
      const mean = point(look, panel, line, c);
      return mean === undefined ? [] : [{ c, mean }];
    })
    .sort((a, b) => b.mean - a.mean)[0];
const peakClaim = (panel: number, line: string, low: number, high: number, claim: string): Claim => ({
  claim,
  judge: (look) => {
    const top = peak(look, constantPanels[panel]?.[0] ?? '', line);
    if (top === undefined) return { finding: 'cannot tell', because: `${line} was not run` };
    return {
      finding: top.c >= low && top.c <= high ? 'holds' : 'does not hold',
      because: `HR@20 of ${line} is highest at c = ${top.c}: ${said(top.mean)}`,
    };
  },
});
export const figure8: PaperFigure = {
  title: 'Figure 8: HR@20 by the constant c',
  seeds,
  panels: constantPanels.map(
    ([title, series]): Panel => ({
      title,
      data: 'adressa',
      x: { title: 'c' },
      y: { title: 'HR@20' },
      quantity: measure('hr'),
      plateau: false,
      series,
    }),
  ),
  choices: [
    ...notes,
    'Training stops on HR@20 at the constant of the pipeline (40, paired 10); the same model is then ranked under every c.',
    'The paired line is not in the paper: it is what its equation 7 gives.',
  ],
  claims: [
    peakClaim(0, 'MACR_LightGCN', 20, 40, 'MACR_LightGCN is best near c = 29'),
    peakClaim(1, 'MACR_MF', 20, 45, 'MACR_MF has a broad optimum between 20 and 40'),
    peakClaim(1, 'MACR_MF, paired', 20, 45, 'So has the fusion that the paper writes'),
  ],
};

const panelOf = (what: string, backbone: string) => `${what} of ${backbone} and MACR, selection on test`;
const backbonePanels = (what: string, metric: 'frequency' | 'recall', y: string): readonly Panel[] =>
  pairs(onTest).map(([backbone, lines]) => byPopularity(panelOf(what, backbone), metric, y, lines));
const direction = (
  what: string,
  backbone: string,
  claim: string,
  holds: (gains: readonly number[]) => boolean,
): Claim => ({
  claim,
  judge: (look) => {
    const panel = panelOf(what, backbone);
    const gains = groups.map((name) => {
      const [a, b] = [backbone, `MACR_${backbone}`].map((line) => point(look, panel, line, name));
      return a === undefined || b === undefined ? Number.NaN : b - a;
    });
    if (gains.some(Number.isNaN))
      return { finding: 'cannot tell', because: `MACR_${backbone} or its backbone was not run` };
    const digits = what === 'Item recall' ? 3 : 0;
    return {
      finding: holds(gains) ? 'holds' : 'does not hold',
      because: `from the least to the most popular group MACR adds ${gains.map((gain) => said(gain, digits)).join(', ')}`,
    };
  },
});
const backbones = ['MF', 'LightGCN'] as const;
export const figure9: PaperFigure = {
  title: 'Figure 9: what MACR does to how often articles are recommended',
  seeds,
  panels: backbonePanels('Recommendation frequency', 'frequency', 'lists an article'),
  choices: notes,
  claims: backbones.map((backbone) =>
    direction(
      'Recommendation frequency',
      backbone,
      `MACR lowers the frequency of the most popular articles and raises that of the least popular (${backbone})`,
      (gains) => (gains.at(-1) as number) < 0 && (gains[0] as number) > 0,
    ),
  ),
};
export const figure10: PaperFigure = {
  title: 'Figure 10: item recall by popularity',
  seeds,
  panels: backbonePanels('Item recall', 'recall', 'item recall@20'),
  choices: [
    ...notes,
    'Item recall is the share of the readers of an article in the test who have it in their list, averaged over articles. The counters of the code keep the last batch of users only, and those of MF the first five ranks.',
  ],
  claims: backbones.map((backbone) =>
    direction(
      'Item recall',
      backbone,
      `The gain is largest for the most popular articles (${backbone})`,
      (gains) => Math.max(...gains) === gains.at(-1),
    ),
  ),
};

/** Label, the pipeline that says what the gates of a method are. */
const gated = [
  ['MACR_MF', 'macr-mf-gates'],
  ['MACR_LightGCN', 'macr-lightgcn-gates'],
  ['MACR_MF, paired', 'macr-mf-paired-gates'],
] as const;
const gatePanel = (
  title: string,
  x: string,
  names: readonly string[],
  metric: string,
  share: string,
  y: string,
): Panel => ({
  title,
  data: 'adressa',
  x: { title: x, names },
  y: { title: y },
  quantity: measure(metric, null),
  plateau: false,
  series: [
    over(names, share, `share of ${share}`, by(onTest, 'macr-mf-gates'), null, `share of ${share}`),
    ...gated.map(([label, pipeline]) => over(names, metric, label, by(onTest, pipeline), null)),
  ],
});
const rises = (panel: string, names: readonly string[], line: string, claim: string): Claim => ({
  claim,
  judge: (look) => {
    const found = names.flatMap((name) => point(look, panel, line, name) ?? []);
    if (found.length < names.length) return { finding: 'cannot tell', because: `${line} was not run` };
    return {
      finding: found.every((mean, at) => at === 0 || mean >= (found[at - 1] as number)) ? 'holds' : 'does not hold',
      because: `the mean gate of ${line} is ${found.map((mean) => said(mean, 3)).join(', ')}`,
    };
  },
});
const userPanel = 'Gates of readers by their activity, selection on test';
export const figure11: PaperFigure = {
  title: 'Figure 11: the gate of readers',
  seeds,
  panels: [gatePanel(userPanel, 'train clicks of a reader', activity, 'user-gate', 'users', 'mean sigma(y_u)')],
  choices: [
    ...notes,
    'The gate is read from the vectors that the model ranks with; for LightGCN the code exports it from those before propagation.',
  ],
  claims: gated.map(([label]) =>
    rises(userPanel, activity, label, `The gate rises with the activity of a reader (${label})`),
  ),
};
const itemPanel = 'Gates of articles by their popularity, selection on test';
export const figure12: PaperFigure = {
  title: 'Figure 12: the gate of articles',
  seeds,
  panels: [gatePanel(itemPanel, 'train clicks of an article', groups, 'item-gate', 'items', 'mean sigma(y_i)')],
  choices: notes,
  claims: gated.map(([label]) =>
    rises(itemPanel, groups, label, `The gate rises with the popularity of an article (${label})`),
  ),
};
