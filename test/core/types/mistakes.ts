/**
 * Each block is one mistake that must not compile. `npm run types` fails when one compiles; types.test.ts checks what the
 * compiler says.
 */
import { aside, bind, f32, i64, node, optional, pipeline, protocol, study, table, u32 } from '../../../core/index.ts';
import { run } from '../../../run.ts';
import { Edges, giveLess, inverse, ips, lightGcn, Metronome, mf, P, Ratings, rates, Shape, score, simulated, simulation, timed, W, wider } from './fixtures.ts';

const start = pipeline('start', { needs: { train: Ratings, shape: Shape, uniform: optional(Ratings) } }).step('propensity', rates, (up) => ({ train: up.train, shape: up.shape }));
const bare = node('x/bare', { doc: 'x', in: { p: P }, out: { w: W }, run: ({ p }) => ({ w: { user: p.user, item: p.item, w: p.p } }) });
const metronome = bind(Metronome, { beat() {} });

// a wrong table on a wire
// @ts-expect-error
start.step('weights', inverse, (up) => ({ p: up.train }));
// a wrong kind of port on a wire
// @ts-expect-error
start.step('weights', inverse, (up) => ({ p: up.shape }));
// a missing wire
// @ts-expect-error
start.step('again', rates, (up) => ({ train: up.train }));
// an extra wire
// @ts-expect-error
start.step('weights', inverse, (up) => ({ p: up.propensity.p, q: up.train }));
// a misspelt source of a wire
// @ts-expect-error
start.step('weights', inverse, (up) => ({ p: up.propensty.p }));
// a need that may be absent on a required input
// @ts-expect-error
start.step('again', rates, (up) => ({ train: up.uniform, shape: up.shape }));
// a misspelt config key
// @ts-expect-error
start.step('weights', inverse, (up) => ({ p: up.propensity.p }), { clipp: 0.1 });
// a config of a wrong type
// @ts-expect-error
start.step('weights', inverse, (up) => ({ p: up.propensity.p }), { clip: 'low' });
// a config for a node that takes none
// @ts-expect-error
ips.as('x').replace('weights', bare, { clip: 1 });
// a required config left out
// @ts-expect-error
ips.as('x').step('more', score, (up) => ({ model: up.model.params, pairs: up.test }));
// a step name used twice
// @ts-expect-error
start.step('propensity', rates, (up) => ({ train: up.train, shape: up.shape }));
// a step named like a need
// @ts-expect-error
start.step('train', rates, (up) => ({ train: up.train, shape: up.shape }));
// a step name kept for protocols
// @ts-expect-error
start.step('data.x', rates, (up) => ({ train: up.train, shape: up.shape }));
// an unknown step in replace
// @ts-expect-error
ips.as('x').replace('wieghts', inverse);
// an unknown step in configure
// @ts-expect-error
ips.as('x').configure({ wieghts: { clip: 0.1 } });
// a misspelt key in configure
// @ts-expect-error
ips.as('x').configure({ weights: { clipp: 0.1 } });
// a replacement that needs an input that is not wired
// @ts-expect-error
ips.as('x').replace('weights', timed);
// a replacement that needs a wider table
// @ts-expect-error
ips.as('x').replace('weights', wider);
// a replacement that gives less
// @ts-expect-error
ips.as('x').replace('weights', giveLess);
// a rewire to a node that gives less
// @ts-expect-error
ips.as('x').rewire('weights', giveLess, (up) => ({ p: up.propensity.p }));
// a variant without its own name
// @ts-expect-error
ips.as('ips');
// an edit before the variant has a name
// @ts-expect-error
ips.configure({ weights: { clip: 0.1 } });
// a misspelt setting of a method
// @ts-expect-error
ips.as('x').method('model', (m) => m.with({ normalize: 'batch' }));
// a setting of a method with a wrong value
// @ts-expect-error
ips.as('x').method('model', (m) => m.with({ normalise: 'all' }));
// a part that needs a port that is not wired
// @ts-expect-error
ips.as('x').method('model', (m) => m.with({ backbone: lightGcn({ layers: 3 }) }));
// a part in the wrong slot
// @ts-expect-error
ips.as('x').method('model', (m) => m.with({ weight: lightGcn({ layers: 3 }) }));
// a method of a step that has none
// @ts-expect-error
ips.as('x').method('weights', (m) => m);
const noTest = protocol('no-test', { dataset: 'x', evaluation: 'x', floors: [] }).step('raw', simulated, () => ({})).gives((up) => ({ train: up.raw.ratings, shape: up.raw.shape }));
// a role that the protocol does not give
// @ts-expect-error
ips.on(noTest);
const narrow = protocol('narrow', { dataset: 'x', evaluation: 'x', floors: [] }).step('raw', simulated, () => ({})).step('p', rates, (up) => ({ train: up.raw.ratings, shape: up.raw.shape })).gives((up) => ({ train: up.p.p, test: up.raw.ratings, shape: up.raw.shape }));
// a role that lacks a column
// @ts-expect-error
ips.on(narrow);
// running an open pipeline
// @ts-expect-error
run(ips, { use: [metronome] });
// a service that is not bound
// @ts-expect-error
run(ips.on(simulation), { use: [] });
// no services at all
// @ts-expect-error
run(ips.on(simulation));
// a binding of a wrong type
// @ts-expect-error
bind(Metronome, { beat: 3 });
// a study with an unknown axis
// @ts-expect-error
study('s', { methods: [mf, ips], on: simulation, seeds: [1], grid: { wieghts: { clip: [0.1] } } });
// a study with a misspelt key of an axis
// @ts-expect-error
study('s', { methods: [mf, ips], on: simulation, seeds: [1], grid: { weights: { clipp: [0.1] } } });
// a study with a value of a wrong type
// @ts-expect-error
study('s', { methods: [mf, ips], on: simulation, seeds: [1], grid: { weights: { clip: ['low'] } } });
// a study on a protocol that lacks a role
// @ts-expect-error
study('s', { methods: [mf, ips], on: noTest, seeds: [1] });
// a closed pipeline among the methods of a study
// @ts-expect-error
study('s', { methods: [mf, ips.on(simulation)], on: simulation, seeds: [1] });
// reading an output that is not there
// @ts-expect-error
run(ips.on(simulation), { use: [metronome] }).then((r) => r.weights.v);
const early = node('x/early', { doc: 'x', in: {}, out: { t: table({ user: u32, item: u32, p: u32 }) }, run: () => ({ t: { user: new Uint32Array(), item: new Uint32Array(), p: new Uint32Array() } }) });
// a column of another type on a wire
// @ts-expect-error
start.step('early', early, () => ({})).step('w', inverse, (up) => ({ p: up.early.t }));
// a body that reads a column that its port does not declare
// @ts-expect-error
node('x/a', { doc: 'x', in: { p: P }, out: { w: W }, run: ({ p }) => ({ w: { user: p.user, item: p.item, w: p.rating } }) });
// a body that forgets an output column
// @ts-expect-error
node('x/a', { doc: 'x', in: { p: P }, out: { w: W }, run: ({ p }) => ({ w: { user: p.user, item: p.item } }) });
// a body that uses a service that it does not declare
// @ts-expect-error
node('x/a', { doc: 'x', in: { p: P }, out: { w: W }, run: ({ p }, _, { log }) => ({ w: { user: p.user, item: p.item, w: p.p } }) });
// an optional column read as if it were there
// @ts-expect-error
node('x/a', { doc: 'x', in: { r: Ratings }, out: { t: table({ time: i64 }) }, run: ({ r }) => ({ t: { time: r.time } }) });
// settings per data set with a misspelt key
// @ts-expect-error
ips.settings({ coat: { weights: { clipp: 0.1 } } });

// a variant whose new need the protocol does not give
// @ts-expect-error
ips.as('ips-graph', { needs: { graph: Edges } }).rewire('weights', timed, (up) => ({ p: up.propensity.p, graph: up.graph })).on(simulation);
// what must compile
const curve = node('x/curve', { doc: 'x', in: { p: P }, out: { w: W, curve: aside(P) }, run: ({ p }) => ({ w: { user: p.user, item: p.item, w: p.p }, curve: p }) });
ips.as('ips-curve').replace('weights', curve).as('ips-plain').replace('weights', bare).on(simulation);
ips.as('ips-given', { needs: { given: P } }).rewire('weights', bare, (up) => ({ p: up.given }));
const wide = node('x/wide', { doc: 'x', in: {}, out: { t: table({ user: u32, item: u32, p: f32, sd: f32 }) }, run: () => ({ t: { user: new Uint32Array(), item: new Uint32Array(), p: new Float32Array(), sd: new Float32Array() } }) });
start.step('wide', wide, () => ({})).step('w', inverse, (up) => ({ p: up.wide.t }));
ips.settings({ coat: { weights: { clip: 0.1 } }, yahoo: { protocol: 'yahoo-dt', model: { epochs: 3 } } }).on(simulation);
ips.on(simulation);
run(mf.on(simulation), { seed: 1 });
run(ips.on(simulation), { seed: 1, use: [metronome] }).then((r) => {
  const w: Float32Array = r.weights.w.w;
  const t: BigInt64Array | undefined = r['data.split'].train.time;
  return [w, t];
});
