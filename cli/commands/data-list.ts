import { Problem } from '../../core/errors.ts';
import type { CommandResult } from '../command.ts';

export default async function (): Promise<CommandResult> {
  throw new Problem('usage', 'this command is not there yet');
}
