/** Compile-time problems as sentences: tsc prints the expected type last, so the sentence is what the user reads. */
import type { Json, Table, Tensors } from '../ports/ports.ts';

type RequiredKey<T> = { [K in keyof T]-?: {} extends Pick<T, K> ? never : K }[keyof T] & string;

/** Why the columns `Have` cannot stand in for `Want`. */
type ColumnProblem<At extends string, Have, Want> =
  Exclude<RequiredKey<Want>, RequiredKey<Have>> extends infer K extends string
    ? [K] extends [never]
      ? {
          [C in keyof Want & keyof Have & string]: Have[C] extends Want[C]
            ? never
            : `'${At}' has column '${C}' of another type`;
        }[keyof Want & keyof Have & string]
      : `'${At}' lacks column '${K}'`
    : never;
type PortProblem<At extends string, Have, Want> = Have extends Want
  ? never
  : [Have, Want] extends [Table<infer H>, Table<infer W>]
    ? ColumnProblem<At, H, W>
    : [Have, Want] extends [Json<unknown>, Json<unknown>] | [Tensors<unknown>, Tensors<unknown>]
      ? `'${At}' is another kind of value`
      : `'${At}' is a table on one side and a value on the other`;

/** Sentences for every port of `Want` that `Have` does not satisfy. */
export type PortsProblem<Have, Want> = {
  [K in keyof Want & string]-?: K extends keyof Have
    ?
        | PortProblem<K, Exclude<Have[K], undefined>, Exclude<Want[K], undefined>>
        | (undefined extends Have[K] ? (K extends RequiredKey<Want> ? `'${K}' may be absent` : never) : never)
    : K extends RequiredKey<Want>
      ? `'${K}' is missing`
      : never;
}[keyof Want & string];
