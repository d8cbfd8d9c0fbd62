import { Problem } from '../core/errors.ts';
import type { AnyProtocol } from '../core/pipeline/protocol.ts';

export function protocolOnFile(file: string): AnyProtocol {
  throw new Problem('usage', 'data files are not read yet', { where: file });
}
