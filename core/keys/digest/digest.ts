/**
 * The digest of what an export does, taken of its TypeScript source: comments, white space, texts for people and code that
 * it does not reach change nothing; every edit that it does reach changes the digest.
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hints } from '../../store.ts';
import { type Bundled, bundleExports } from './bundle.ts';
import { versionsOf } from './packages.ts';
import { type CodeDigest, type ExportOf, nameOf, recipe, sha256 } from './recipe.ts';

export interface DigestOptions {
  /** The folder that holds `core/`. */
  readonly root: string;
  /** Remembers digests by size and time of every file of the closure, so that an unchanged closure is only looked at. */
  readonly hints?: Hints | undefined;
  /** What an import of `counterpoise` or `counterpoise/nodes` stands for in the digest of a plugin. */
  readonly ours?: ((path: string) => string) | undefined;
}
interface Remembered {
  readonly recipe: string;
  /** `size-mtimeNs` by path. */
  readonly stamps: Readonly<Record<string, string>>;
  readonly text: string;
  readonly packages: readonly string[];
  readonly ours: readonly string[];
}
/** Where digests are remembered when no store is given. */
const inProcess = new Map<string, unknown>();

export const digestExport = async (file: string, name: string, options: DigestOptions): Promise<CodeDigest> =>
  (await digestExports([{ file, name }], options))[0] as CodeDigest;

/**
 * Digests of many exports, in their order; those whose files changed are bundled in one go.
 * @throws esbuild's build failure when a file does not parse or does not export the name
 */
export async function digestExports(
  exports: readonly ExportOf[],
  options: DigestOptions,
): Promise<readonly CodeDigest[]> {
  const started = Date.now();
  const stamps = stamper();
  const version = recipeVersion();
  const held = exports.map((of) => recall(of, version, stamps, options.hints));
  const missing = exports.filter((_, n) => held[n] === undefined);
  const bundles = missing.length === 0 ? [] : await bundleExports(missing, options.root);
  const made = new Map(
    missing.map((of, n) => {
      const entry = remembered(bundles[n] as Bundled, version, stamps);
      if (Object.keys(entry.stamps).every((file) => settled(file, started))) {
        (options.hints ?? inProcess).set(hintOf(of), entry);
      }
      return [nameOf(of), entry] as const;
    }),
  );
  return exports.map((of, n) => {
    const entry = held[n] ?? (made.get(nameOf(of)) as Remembered);
    const ours = entry.ours.map((path) => `${path} ${options.ours?.(path) ?? ''}`);
    return { code: sha256(version, entry.text, ...ours), packages: versionsOf(entry.packages, dirname(of.file)) };
  });
}

const hintOf = (of: ExportOf) => `digest:${nameOf(of)}`;

const here = dirname(fileURLToPath(import.meta.url));
/** Read from esbuild's package.json, so that a warm run does not load esbuild. */
const recipeVersion = () => `recipe ${recipe}, esbuild ${versionsOf(['esbuild'], here).esbuild}`;

/** A file that changed while it was bundled, or just before, could change again without a new time: do not remember it. */
const settled = (file: string, started: number) =>
  (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < started - 50;

const remembered = (bundle: Bundled, version: string, stamps: Stamper): Remembered => ({
  recipe: version,
  stamps: Object.fromEntries(bundle.files.map((file) => [file, stamps(file)])),
  text: sha256(bundle.text),
  packages: bundle.packages,
  ours: bundle.ours,
});

function recall(of: ExportOf, version: string, stamps: Stamper, hints: Hints | undefined): Remembered | undefined {
  const entry = (hints ?? inProcess).get(hintOf(of)) as Remembered | undefined;
  if (entry === undefined || entry.recipe !== version) return undefined;
  return Object.entries(entry.stamps).every(([file, stamp]) => stamps(file) === stamp) ? entry : undefined;
}

type Stamper = (file: string) => string;
/** Looks at each file once a call. */
function stamper(): Stamper {
  const seen = new Map<string, string>();
  return (file) => {
    const held = seen.get(file);
    if (held !== undefined) return held;
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    const stamp = stat === undefined ? 'absent' : `${stat.size}-${stat.mtimeNs}`;
    seen.set(file, stamp);
    return stamp;
  };
}
