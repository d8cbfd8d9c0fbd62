/** `--on FILE`: a plain file of ratings, or a data card that says which file plays which role. */
import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Problem } from '../core/errors.ts';
import type { AnyProtocol } from '../core/pipeline/protocol.ts';
import { configured } from '../core/plan/resolve.ts';
import type { Registry } from '../core/registry.ts';
import { type DataCard, loadPipelineFile } from '../core/yaml/index.ts';
import { fileProtocol } from '../pipelines/own-data.ts';

/**
 * @throws Problem missing-data when the file is not there, usage when its ending says nothing or a YAML file is no card,
 * bad-pipeline-file for what is wrong inside a card
 */
export function protocolOnFile(file: string, registry: Registry): AnyProtocol {
  if (!existsSync(file))
    throw new Problem('missing-data', `the file '${file}' is not there`, {
      where: file,
      hint: 'a data set of the catalogue is named without an ending, for example --on coat',
    });
  if (!['.yaml', '.yml'].includes(extname(file))) return fileProtocol(file);
  const card = loadPipelineFile(readFileSync(file, 'utf8'), file, registry);
  if (card.kind === 'data') return onCard(card, registry, file);
  throw new Problem('usage', `'${file}' is a ${card.kind === 'study' ? 'study' : 'pipeline'}, and --on takes data`, {
    where: file,
    hint: 'a data card starts with data: NAME',
  });
}

function onCard(card: DataCard, registry: Registry, file: string): AnyProtocol {
  const { split, folder, kind: _, license: __, ...rest } = card;
  const node = split && registry.node(split.use);
  if (node) configured(node, split.with ?? {}, `${file}, split`);
  return fileProtocol({ ...rest, ...(node && { split: { node, with: split.with } }) }, folder);
}
