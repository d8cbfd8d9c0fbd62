import fc from 'fast-check';
import { expect, test } from 'vitest';
import { optional, pipeline } from '../../../core/index.ts';
import type { AnyMethod, AnyPart } from '../../../core/method.ts';
import type { AnyNode } from '../../../core/node.ts';
import { checkGraph } from '../../../core/pipeline/check.ts';
import { normalisedPipeline } from '../../../core/pipeline/normalise.ts';
import type { AnyPipeline } from '../../../core/pipeline/pipeline.ts';
import { loadPipelineFile, pipelineToYaml } from '../../../core/yaml/index.ts';
import {
  crossEntropy,
  factorised,
  factors,
  inversePropensity,
  ips,
  learner,
  mf,
  none,
  outside,
  popularity,
  Ratings,
  registry,
  Shape,
  score,
  squared,
} from './fixture.ts';

/** The chain without its types, since a generated pipeline has none that the compiler could know. */
interface Chain extends AnyPipeline {
  step(name: string, node: AnyNode, wires: (up: Up) => object, config?: object): Chain;
  settings(of: object): Chain;
  as(name: string): Chain;
  configure(of: object): Chain;
  replace(step: string, node: AnyNode, config?: object): Chain;
  method(step: string, change: (m: AnyMethod) => AnyMethod): Chain;
}
type Up = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const wide = (of: AnyMethod) => of as AnyMethod & { with: (patch: object) => AnyMethod };

const propensity = fc.oneof(
  fc.record({
    node: fc.constant(popularity as AnyNode),
    config: fc.option(fc.record({ power: fc.double({ noNaN: true, noDefaultInfinity: true }) }), { nil: undefined }),
  }),
  fc.record({
    node: fc.constant(factorised as AnyNode),
    config: fc.record({ width: fc.integer({ min: 1, max: 99 }) }, { requiredKeys: [] }),
  }),
);
const weights = fc.record(
  { clip: fc.double({ min: 1e-6, max: 1, noNaN: true }), norm: fc.constantFrom('none', 'mean') },
  { requiredKeys: [] },
);
const backbone = fc.record({ biases: fc.boolean() }, { requiredKeys: [] }).map((config) => factors(config) as AnyPart);
const weight = fc.oneof(
  fc.constant(none() as AnyPart),
  fc.double({ min: 0, max: 9, noNaN: true }).map((cap) => outside({ cap }) as AnyPart),
);
const trained = fc.oneof(
  fc
    .record({ width: fc.integer({ min: 1, max: 64 }), normalise: fc.constantFrom('none', 'batch'), backbone, weight })
    .map((patch) => wide(crossEntropy).with(patch)),
  fc.record({ width: fc.integer({ min: 1, max: 64 }), weight }).map((patch) => wide(squared).with(patch)),
);
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('yes', 'null', '1e3', ': #', "it's", '- a\nb: c', '日本 "x"', '1..10', '&a *b !c'),
);

/** Several propensities, weights on any of them, models on any weights; wired and named at random. */
const generated = fc
  .record({
    doc: fc.option(text, { nil: undefined }),
    labels: fc.option(fc.boolean(), { nil: undefined }),
    reason: fc.option(text, { nil: undefined }),
    propensities: fc.array(propensity, { minLength: 1, maxLength: 4 }),
    weights: fc.array(fc.tuple(fc.nat(), weights), { minLength: 1, maxLength: 4 }),
    models: fc.array(fc.tuple(fc.nat(), trained, fc.option(fc.record({ epochs: fc.nat() }), { nil: undefined })), {
      minLength: 1,
      maxLength: 4,
    }),
    settings: fc.option(fc.record({ clip: fc.double({ min: 1e-3, max: 1, noNaN: true }), protocol: fc.boolean() }), {
      nil: undefined,
    }),
    names: fc.constantFrom('p', 'step-', 'A_'),
  })
  .map((of) => {
    let made = pipeline('generated', {
      ...(of.doc !== undefined && { doc: of.doc }),
      ...(of.labels !== undefined && { usesTestLabels: of.labels }),
      ...(of.reason !== undefined && { reasons: { uniform: of.reason } }),
      needs: { train: Ratings, test: Ratings, shape: Shape, uniform: optional(Ratings) },
    }) as unknown as Chain;
    of.propensities.forEach(({ node, config }, n) => {
      made = made.step(
        `${of.names}propensity${n}`,
        node,
        (up) => ('shape' in node.in ? { train: up.train, shape: up.shape } : { train: up.train }),
        config,
      );
    });
    of.weights.forEach(([from, config], n) => {
      const source = `${of.names}propensity${from % of.propensities.length}`;
      made = made.step(`${of.names}weights${n}`, inversePropensity, (up) => ({ p: up[source]?.p }), config);
    });
    of.models.forEach(([from, method, config], n) => {
      const source = `${of.names}weights${from % of.weights.length}`;
      const node = learner(method) as unknown as AnyNode;
      made = made
        .step(
          `model${n}`,
          node,
          (up) => ({ train: up.train, shape: up.shape, ...('w' in node.in && { w: up[source]?.w }) }),
          config,
        )
        .step(`scores${n}`, score, (up) => ({ model: up[`model${n}`]?.model, test: up.test }));
    });
    if (of.settings)
      made = made.settings({
        coat: {
          [`${of.names}weights0`]: { clip: of.settings.clip },
          ...(of.settings.protocol && { protocol: 'coat-x' }),
        },
      });
    return made;
  });

const read = (yaml: string) => loadPipelineFile(yaml, 'generated.yaml', registry) as AnyPipeline;
/** Normalised, with the port that every wire carries. */
const whole = ({ graph }: AnyPipeline) => ({
  ...normalisedPipeline(graph),
  ports: Object.entries(graph.steps).map(([name, { wires }]) => [
    name,
    Object.entries(wires).map(([input, { port }]) => [input, port.port, 'columns' in port && port.columns]),
  ]),
});

test('what is written as a file reads back as the same pipeline', () => {
  fc.assert(
    fc.property(generated, fc.boolean(), (made, expand) => {
      expect(checkGraph(made.graph)).toEqual([]);
      expect(whole(read(pipelineToYaml(made, { registry, expand })))).toEqual(whole(made));
    }),
    { numRuns: 150 },
  );
});

test('shipped forms of the fixtures round-trip', () => {
  for (const made of [mf, ips]) expect(whole(read(pipelineToYaml(made, { registry })))).toEqual(whole(made));
});

test('a variant in a file is the variant in code', () => {
  const edits = fc.record({
    replaced: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
    clip: fc.option(fc.double({ min: 1e-3, max: 1, noNaN: true }), { nil: undefined }),
    biases: fc.option(fc.boolean(), { nil: undefined }),
  });
  fc.assert(
    fc.property(edits, ({ replaced, clip, biases }) => {
      let code = (ips as unknown as Chain).as('mine');
      const steps: Record<string, unknown> = {};
      if (replaced !== undefined) {
        code = code.replace('propensity', popularity, { power: replaced });
        steps.propensity = { use: popularity.id, with: { power: replaced } };
      }
      if (clip !== undefined) {
        code = code.configure({ weights: { clip } });
        steps.weights = { with: { clip } };
      }
      if (biases !== undefined) {
        code = code.method('model', (m) => wide(m).with({ backbone: factors({ biases }) }));
        steps.model = { method: { parts: { backbone: { use: 'backbones/factors', with: { biases } } } } };
      }
      // JSON is YAML
      expect(whole(read(JSON.stringify({ pipeline: 'mine', extends: 'ips', steps })))).toEqual(whole(code));
    }),
    { numRuns: 60 },
  );
});
