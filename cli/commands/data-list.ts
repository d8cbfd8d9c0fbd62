/** `data list`: what the catalogue knows, and what of it lies in the data folder. */
import type { Registry } from '../../core/registry.ts';
import { datasets } from '../../nodes/datasets/catalogue/datasets.ts';
import type { DatasetEntry } from '../../nodes/datasets/catalogue/entry.ts';
import type { CommandResult, Context } from '../command.ts';
import { dataFolder } from '../data/named.ts';
import { type Presence, presenceOf } from '../data/presence.ts';
import { openDefinitions } from '../opening.ts';
import { plainTable } from '../tables.ts';

export default async function (context: Context): Promise<CommandResult> {
  const folder = dataFolder(context);
  const { registry } = await openDefinitions(context);
  const rows = datasets.map((entry) => rowOf(entry, folder, registry));
  return {
    json: { folder: folder ?? null, datasets: rows },
    text: () => {
      const width = context.terminal ? process.stdout.columns : 100;
      return `${rows.map((row) => paragraph(row, width)).join('\n\n')}\n\n${footer(rows, folder)}`;
    },
  };
}

interface Row extends Omit<DatasetEntry, 'archive' | 'byHand' | 'files'> {
  readonly archive: string | null;
  readonly byHand: string | null;
  readonly protocols: readonly string[];
  readonly here: boolean;
  readonly files: readonly {
    readonly file: string;
    readonly bytes: number | null;
    readonly sha256: string | null;
    readonly status: Presence | 'unknown';
  }[];
}

function rowOf(entry: DatasetEntry, folder: string | undefined, registry: Registry): Row {
  const { name, title, source, licence, page, counts, archive, byHand } = entry;
  const files = entry.files.map((file) => ({
    file: file.path,
    bytes: file.content?.bytes ?? null,
    sha256: file.content?.sha256 ?? null,
    status: folder === undefined ? ('unknown' as const) : presenceOf(folder, file),
  }));
  return {
    name,
    title,
    source,
    licence,
    page,
    archive: archive?.url ?? null,
    byHand: byHand ?? null,
    counts,
    protocols: protocolsOf(name, registry),
    here: files.every(({ status }) => status === 'right' || status === 'unchecked'),
    files,
  };
}

function protocolsOf(dataset: string, registry: Registry): readonly string[] {
  const all = [...registry.protocols.values()].map(({ value }) => value);
  const fitting = all.filter(({ evaluation }) => evaluation.dataset === dataset);
  return fitting
    .sort((a, b) => Number(b.evaluation.default ?? false) - Number(a.evaluation.default ?? false))
    .map(({ name }) => name);
}

function paragraph(row: Row, width: number): string {
  const lines: readonly (readonly [string, string])[] = [
    [row.name, row.title],
    [
      '  counts',
      Object.entries(row.counts)
        .map(([what, n]) => `${n.toLocaleString('en')} ${words[what] ?? what}`)
        .join(', '),
    ],
    ['  protocols', row.protocols.join(', ')],
    ['  licence', row.licence],
    ['  source', row.source],
    ...(row.page === null ? [] : ([['  page', row.page]] as const)),
    ...(row.byHand === null ? [] : ([['  by hand', row.byHand]] as const)),
    ['  here', hereText(row)],
  ];
  return plainTable(['', ''], lines, { width, align: ['left', 'left'] })
    .split('\n')
    .slice(2)
    .join('\n');
}
const words: Readonly<Record<string, string>> = { log: 'self-selected ratings', uniform: 'uniformly random ratings' };

function hereText({ files, here }: Row): string {
  if (files.length === 0) return 'yes: it is made, not read';
  if (files.some(({ status }) => status === 'unknown')) return 'not looked for: no data folder is named';
  if (here && files.some(({ status }) => status === 'unchecked'))
    return 'yes; the counts are checked when they are read';
  if (here)
    return `yes, ${files.length === 1 ? 'and its digest is right' : `all ${files.length} files, and their digests are right`}`;
  const of = (wanted: Presence) => files.filter(({ status }) => status === wanted).map(({ file }) => file);
  const [absent, differing] = [of('absent'), of('differs')];
  if (absent.length === files.length) return 'no';
  return [
    differing.length > 0 ? 'not as it should be' : 'in part',
    ...(differing.length > 0 ? [`other content than the catalogue knows: ${differing.join(', ')}`] : []),
    ...(absent.length > 0 ? [`absent: ${absent.join(', ')}`] : []),
  ].join('; ');
}

function footer(rows: readonly Row[], folder: string | undefined): string {
  if (folder === undefined)
    return 'say with --data DIR (or COUNTERPOISE_DATA) which folder holds, or shall hold, the data sets';
  const [absent] = rows.filter(({ here, archive }) => !here && archive !== null);
  return absent === undefined
    ? `data folder: ${folder}`
    : `data folder: ${folder}\n\`counterpoise data fetch ${absent.name} --data DIR\` downloads one, without a name all of them`;
}
