/**
 * A data set as the catalogue knows it: what a person must know before using it, and what a downloader needs. It lies beside
 * the nodes because paths, digests and counts are theirs: an entry reads them from the nodes and repeats none.
 */
import type { FileRead, Node } from '../../../core/index.ts';

export interface DatasetFile {
  /** Below the data folder, with slashes. */
  readonly path: string;
  /** Null where no digest is known: the node that reads the file knows it by its counts. */
  readonly content: FileContent | null;
}
export interface FileContent {
  readonly sha256: string;
  /** Exact size: an archive that claims another is refused before anything is unpacked. */
  readonly bytes: number;
}
export interface Archive {
  /** Of a zip file, at the official place. */
  readonly url: string;
  /** A download that is larger is broken off. */
  readonly mostBytes: number;
}
export interface DatasetEntry {
  /** What `--on` takes. */
  readonly name: string;
  readonly title: string;
  /** The paper that describes it. */
  readonly source: string;
  /** In a sentence; the terms themselves are at `page`. */
  readonly licence: string;
  /** The official page; null for what is made here. */
  readonly page: string | null;
  /** Null for what is made here, and for what must be got by hand: `byHand` says how. */
  readonly archive: Archive | null;
  readonly byHand?: string;
  /** What the nodes verify when they read the files. */
  readonly counts: Readonly<Record<string, number>>;
  /** Empty for data that are made here. */
  readonly files: readonly DatasetFile[];
}

type Source = Pick<Node<object, object, object, object>, 'id' | 'reads' | 'configure'>;

export interface DatasetSpec extends Omit<DatasetEntry, 'files'> {
  /** The nodes that read its files; a file that several read is one file. */
  readonly nodes: readonly Source[];
  /** Sizes by path below the data folder, for every file whose digest is known. */
  readonly bytes?: Readonly<Record<string, number>>;
}

/**
 * Makes an entry from the nodes that read the data set. Members lie in the archive as they do below the data folder.
 * @throws TypeError when a file has a digest and no size, or an archive is named for a file without a digest
 */
export function datasetEntry({ nodes, bytes = {}, ...about }: DatasetSpec): DatasetEntry {
  const reads = nodes.flatMap((node) => node.reads?.(node.configure({}) as never) ?? []);
  const byPath = new Map<string, FileRead>(reads.map((read) => [read.path, read]));
  const files = [...byPath.values()].map(({ path, sha256 }): DatasetFile => {
    const size = bytes[path];
    if (sha256 !== undefined && size !== undefined) return { path, content: { sha256, bytes: size } };
    if (sha256 === undefined && about.archive === null) return { path, content: null };
    throw new TypeError(`data set '${about.name}': '${path}' has no ${sha256 === undefined ? 'digest' : 'size'}`);
  });
  return { ...about, files };
}
