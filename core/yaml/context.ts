/** What reading one file needs to know, and where its problems are collected. */
import { dirname, resolve } from 'node:path';
import type { Problem, ProblemCode } from '../errors.ts';
import type { Registry } from '../registry.ts';
import type { Told, YamlSource } from './source.ts';

export class Reading {
  readonly source: YamlSource;
  readonly registry: Registry;
  /** Files that led here, to notice files that extend each other. */
  readonly trail: readonly string[];
  readonly problems: Problem[] = [];

  constructor(source: YamlSource, registry: Registry, trail: readonly string[]) {
    this.source = source;
    this.registry = registry;
    this.trail = trail;
  }
  /** Records a problem at the value of `path`. */
  at(path: readonly string[], message: string, hint?: string, code: ProblemCode = 'bad-pipeline-file'): undefined {
    this.tell(path, 'value', { message, hint }, code);
  }
  /** Records a problem at the key of `path`. */
  atKey(path: readonly string[], message: string, hint?: string, code: ProblemCode = 'bad-pipeline-file'): undefined {
    this.tell(path, 'key', { message, hint }, code);
  }
  tell(path: readonly string[], on: 'key' | 'value', told: Told, code: ProblemCode): void {
    this.problems.push(this.source.problem(code, path, on, told));
  }
  /** A path in the file as seen from the working folder. */
  beside(path: string): string {
    return resolve(dirname(this.source.file), path);
  }
}

/** `./other.yaml` is a file beside the one that names it; anything else is a name. */
export const isFilePath = (text: string) => /\.ya?ml$/.test(text);
