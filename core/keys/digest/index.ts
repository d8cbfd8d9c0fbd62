export {
  type CodeDigests,
  type CodeDigestsOptions,
  codeDigests,
  isRegistered,
  type ShippedDigests,
  sourceDigests,
  sourceRoot,
} from './code-digests.ts';
export { type DigestOptions, digestExport, digestExports } from './digest.ts';
export type { CodeDigest, ExportOf } from './recipe.ts';
