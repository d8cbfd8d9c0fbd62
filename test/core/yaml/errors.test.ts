import { expect, test } from 'vitest';
import { checkFile, renderProblem } from '../../../core/yaml/index.ts';
import { registry } from './fixture.ts';

/** Files with a mistake, by what is wrong. */
const cases: Readonly<Record<string, string>> = {
  syntax: 'pipeline: a\nsteps: { weights: { use: x\n',
  dupkey: 'pipeline: a\nextends: ips\nextends: mf\n',
  tag: 'pipeline: !!js/function a\nextends: ips\n',
  alias: 'pipeline: a\nextends: ips\nsteps: { weights: &x { with: { clip: 1 } }, model: *x }\n',
  empty: '',
  otherkind: 'pipelin: a\n',
  unknownKey: 'pipeline: a\nextend: ips\n',
  stepKey: 'pipeline: a\nextends: ips\nsteps:\n  weights: { uses: x }\n',
  badName: 'pipeline: My_Variant\nextends: ips\n',
  same: 'pipeline: ips\nextends: ips\n',
  unknownExtends: 'pipeline: a\nextends: ipss\n',
  node: 'pipeline: a\nextends: ips\nsteps:\n  propensity: { use: propensity/populraity }\n',
  methodAsNode: 'pipeline: a\nextends: ips\nsteps:\n  model: { use: estimators/squared }\n',
  clipp:
    'pipeline: a\nextends: ips\nsteps:\n  weights: { use: weights/inverse-propensity, in: { p: propensity.p }, with: { clipp: 0.05 } }\n',
  clipneg: 'pipeline: a\nextends: ips\nsteps:\n  weights: { with: { clip: -1, norm: mean } }\n',
  enum: 'pipeline: a\nextends: ips\nsteps:\n  weights: { with: { norm: men } }\n',
  type: 'pipeline: a\nextends: ips\nsteps:\n  weights:\n    with:\n      clip: big\n',
  port: 'pipeline: a\nextends: ips\nsteps:\n  weights: { in: { p: propensity.q } }\n',
  step: 'pipeline: a\nextends: ips\nsteps:\n  weights: { in: { p: propensty.p } }\n',
  wholestep: 'pipeline: a\nextends: ips\nsteps:\n  weights: { in: { p: propensity } }\n',
  input: 'pipeline: a\nextends: ips\nsteps:\n  weights: { in: { q: propensity.p } }\n',
  columns: 'pipeline: a\nextends: ips\nsteps:\n  weights: { in: { p: train } }\n',
  missing:
    'pipeline: a\nneeds: [train, shape]\nsteps:\n  propensity: { use: propensity/factorised, in: { train: train } }\n',
  kind: 'pipeline: a\nneeds: [train, shape]\nsteps:\n  propensity: { use: propensity/factorised, in: { train: shape, shape: train } }\n',
  more: 'pipeline: a\nextends: ips\nsteps:\n  propensity: { use: propensity/hungry }\n',
  less: 'pipeline: a\nextends: ips\nsteps:\n  propensity: { use: propensity/poor }\n',
  clash: 'pipeline: a\nextends: ips\nsteps:\n  propensity: { use: propensity/clashing }\n',
  cycle:
    'pipeline: a\nneeds: [train]\nsteps:\n  first: { use: weights/inverse-propensity, in: { p: second.w } }\n  second: { use: weights/inverse-propensity, in: { p: first.w } }\n',
  optional:
    'pipeline: a\nneeds: [train?]\nsteps:\n  propensity: { use: propensity/popularity, in: { train: train } }\n',
  role: 'pipeline: a\nneeds: [trian]\nsteps:\n  propensity: { use: propensity/popularity, in: { train: trian } }\n',
  partPort:
    'pipeline: a\nextends: mf\nsteps:\n  model: { method: { parts: { weight: { use: weighting/outside } } } }\n',
  partSlot:
    'pipeline: a\nextends: mf\nsteps:\n  model: { method: { parts: { weight: { use: backbones/factors } } } }\n',
  partName: 'pipeline: a\nextends: mf\nsteps:\n  model: { method: { parts: { wieght: { use: weighting/none } } } }\n',
  methodSetting: 'pipeline: a\nextends: mf\nsteps:\n  model: { method: { with: { widht: 4 } } }\n',
  methodUse: 'pipeline: a\nextends: mf\nsteps:\n  model: { method: { use: estimators/crossentropy } }\n',
  notLearner: 'pipeline: a\nextends: ips\nsteps:\n  weights: { method: { use: estimators/squared } }\n',
  newStep: 'pipeline: a\nextends: ips\nsteps:\n  wieghts: { with: { clip: 0.2 } }\n',
  settingsStep: 'pipeline: a\nextends: ips\nsettings:\n  coat: { wieghts: { clip: 0.2 } }\n',
  settingsKey: 'pipeline: a\nextends: ips\nsettings:\n  coat: { weights: { clap: 0.2 } }\n',
  needsVariant: 'pipeline: a\nextends: ips\nneeds: { train: shape }\n',
  studyMethod: 'study: s\nmethods: [mf, isp]\non: coat-x\nseeds: [1]\n',
  studyRole: 'study: s\nmethods: [mf]\non: train-only\nseeds: [1]\n',
  studyGrid: 'study: s\nmethods: [mf, ips]\non: coat-x\nseeds: 1..3\ngrid: { wieghts: { clip: [1] } }\n',
  studyGrid2: 'study: s\nmethods: [mf, ips]\non: coat-x\nseeds: 1..3\ngrid: { weights: { clip: [0.1, x] } }\n',
  studyGrid3: 'study: s\nmethods: [mf, ips]\non: coat-x\nseeds: 1..3\ngrid: { weights: { clop: [0.1] } }\n',
  seeds: 'study: s\nmethods: [mf, ips]\non: coat-x\nseeds: a\n',
  on: 'study: s\nmethods: [mf, ips]\non: coat\nseeds: 1\n',
  noseeds: 'study: s\nmethods: [mf, ips]\non: coat-x\n',
  proto: 'pipeline: a\nextends: ips\nsteps:\n  constructor: { with: { clip: 0.2 } }\n  __proto__: { with: {} }\n',
  long: `pipeline: a\nextends: ips\nsteps: { ${Array.from({ length: 60 }, (_, i) => `x${i}: { use: weights/inverse-propensity, in: { p: propensity.p } }`).join(', ')}, weights: { with: { clipp: 1 } } }\n`,
};

test('every mistake in a file is said at its place, with what to do', async () => {
  const told = Object.entries(cases).map(([name, text]) => {
    const { value, problems } = checkFile(text, 'my.yaml', registry);
    expect(value, name).toBeUndefined();
    expect(problems.length, name).toBeGreaterThan(0);
    return [`--- ${name}`, ...problems.map((problem) => renderProblem(problem))].join('\n');
  });
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('errors.golden.txt');
});

test('no text about a mistake is longer than a screen', () => {
  for (const text of Object.values(cases))
    for (const problem of checkFile(text, 'my.yaml', registry).problems) {
      const lines = renderProblem(problem).split('\n');
      expect(lines.length).toBeLessThan(20);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
    }
});

test('colours are added only when asked for', () => {
  const [problem] = checkFile(cases.clipp as string, 'my.yaml', registry).problems;
  expect(renderProblem(problem as never)).not.toContain('\u001b');
  expect(renderProblem(problem as never, { color: true })).toContain('\u001b');
});
