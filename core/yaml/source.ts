/** A YAML file as data, with the place of every key and value. Files are data: no tags, no aliases, nothing is evaluated. */
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { Problem, type ProblemCode, type Range } from '../errors.ts';

export interface Told {
  readonly message: string;
  readonly hint?: string | undefined;
}

export class YamlSource {
  readonly file: string;
  /** Plain data; undefined when the file does not parse. */
  readonly data: unknown;
  readonly syntax: readonly Problem[];
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();
  readonly #text: string;

  constructor(text: string, file: string) {
    this.file = file;
    this.#text = text;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      version: '1.2',
      schema: 'core',
    });
    const found = [...this.#errors(), ...this.#foreign()];
    // the parser says some things twice
    const texts = found.map(({ message, range }) => `${range?.line}:${range?.column} ${message}`);
    this.syntax = found.filter((_, n) => texts.indexOf(texts[n] as string) === n).slice(0, 50);
    this.data = this.syntax.length === 0 ? this.#document.toJS() : undefined;
  }

  *#errors() {
    for (const { message, pos } of [...this.#document.errors, ...this.#document.warnings])
      yield this.#problem('bad-pipeline-file', pos[0], Math.max(pos[1], pos[0] + 1), { message: lower(message) });
  }
  /** Tags could name types, aliases could make a small file huge. */
  *#foreign() {
    const found: Problem[] = [];
    visit(this.#document, {
      Node: (_key, node) => {
        const [from, to] = rangeOf(node);
        if (isAlias(node))
          found.push(
            this.#problem('bad-pipeline-file', from, to, {
              message: 'aliases are not supported; write the value again',
            }),
          );
        else if ('anchor' in node && node.anchor)
          found.push(
            this.#problem('bad-pipeline-file', from, to, { message: `anchors ('&${node.anchor}') are not supported` }),
          );
        else if (node.tag && !node.tag.startsWith('tag:yaml.org,2002:'))
          found.push(
            this.#problem('bad-pipeline-file', from, to, {
              message: `tags ('${node.tag}') are not supported: a file names no code`,
            }),
          );
      },
      Pair: (_key, { key }) => {
        if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') return;
        const [from, to] = isNode(key) ? rangeOf(key) : [0, 1];
        found.push(
          this.#problem('bad-pipeline-file', from, to, {
            message: 'a key is a word',
            hint: 'put it in quotes if it is meant',
          }),
        );
      },
    });
    yield* found;
  }

  /** Whether the file says something at this path. */
  has(path: readonly string[]): boolean {
    return this.#locate(path).depth === path.length;
  }

  /**
   * A problem at the key or the value that `path` names; where the file does not say it (a variant inherits it), at the
   * nearest thing above that it does say.
   */
  problem(code: ProblemCode, path: readonly string[], on: 'key' | 'value', told: Told): Problem {
    const { pair, value, depth } = this.#locate(path);
    const key = pair && isNode(pair.key) ? pair.key : undefined;
    const at = depth === path.length && on === 'value' ? (value ?? key) : (key ?? value);
    const [from, to] = at ? rangeOf(at) : [0, 0];
    return this.#problem(code, from, to, told);
  }

  #locate(path: readonly string[]) {
    let value: Node | undefined = isNode(this.#document.contents) ? this.#document.contents : undefined;
    let pair: Pair | undefined;
    let depth = 0;
    for (const name of path) {
      if (isMap(value)) {
        const next: Pair | undefined = value.items.find(({ key }) => isScalar(key) && String(key.value) === name);
        if (!next) break;
        pair = next;
        value = isNode(next.value) ? next.value : undefined;
      } else if (isSeq(value)) {
        const item: unknown = value.items[Number(name)];
        if (item === undefined) break;
        pair = isPair(item) ? item : undefined;
        value = isNode(item) ? item : undefined;
      } else break;
      depth++;
    }
    return { pair, value, depth };
  }

  #problem(code: ProblemCode, from: number, to: number, { message, hint }: Told): Problem {
    return new Problem(code, message, { where: this.file, range: this.#range(from, to), ...(hint && { hint }) });
  }

  #range(from: number, to: number): Range {
    const start = Math.min(from, this.#text.length);
    const { line, col } = this.#text === '' ? { line: 1, col: 1 } : this.#lines.linePos(start);
    const begin = start - (col - 1);
    const newline = this.#text.indexOf('\n', begin);
    const text = this.#text.slice(begin, newline < 0 ? undefined : newline).replace(/\r$/, '');
    const length = Math.max(1, Math.min(to - start, text.length - col + 1));
    return { file: this.file, line, column: col, length, text };
  }
}

const rangeOf = ({
  range,
}: {
  range?: readonly [number, number, number] | null | undefined;
}): readonly [number, number] => (range ? [range[0], range[1]] : [0, 1]);
const lower = (text: string) => text.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
