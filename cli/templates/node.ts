/** The file that `new node` writes: weights that stand in for those of `ips`, with a comment for every part. */
export const nodeTemplate = (id: string, name: string): string => `import { z } from 'zod';
import { Log, node } from 'counterpoise';
import { Propensities, Weights } from 'counterpoise/nodes';

/** Weights 1 / max(p, floor) ** power: power 1 is inverse propensity weighting, power 0 no weighting at all. */
export const ${camel(name)} = node('${id}', {
  // one or two sentences for \`counterpoise list nodes\` and \`counterpoise show ${id}\`
  doc: 'Tempered inverse propensity weights.',
  // the paper and equation, if there is one
  source: 'own',
  // inputs: each wire must carry these columns; others are not seen and do not enter the key
  in: { p: Propensities },
  // outputs: exactly these columns must be returned
  out: { w: Weights },
  // settings: every key has a default or is required; \`--set weights.power=1\` and YAML files are checked against it
  config: z.strictObject({
    floor: z.number().positive().max(1).default(0.05).describe('smallest propensity kept'),
    power: z.number().min(0).max(1).default(0.5).describe('strength of the weighting'),
  }),
  // services: log, progress, cancellation, random numbers (Rng); a node sees nothing else of the world
  use: { log: Log },
  // inputs arrive as one typed array a column; return fresh arrays, the inputs are shared
  run({ p: { user, item, p } }, { floor, power }, { log }) {
    const w = new Float32Array(p.length);
    let low = 0;
    for (let row = 0; row < p.length; row++) {
      const kept = Math.max(p[row] ?? floor, floor);
      if (kept === floor) low++;
      w[row] = kept ** -power;
    }
    if (low > 0) log.info(\`\${low} of \${p.length} propensities were raised to \${floor}\`);
    return { w: { user, item, w } };
  },
});
`;

const camel = (name: string) => name.replace(/-+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '');
