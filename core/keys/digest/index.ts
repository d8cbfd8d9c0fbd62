export {
  type CodeDigests,
  type CodeDigestsOptions,
  codeDigests,
  isRegistered,
  type ShippedDigests,
  sourceDigests,
} from './code-digests.ts';
export type { DigestOptions } from './digest.ts';
export type { CodeDigest, ExportOf } from './recipe.ts';
