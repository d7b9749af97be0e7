import type { paths } from './schema.js';

/**
 * Operations that a feature needs before the server's document has them. Add one from the feature:
 *
 *     declare module '../../lib/api/operations.js' {
 *       interface Pending {
 *         'GET /chat/rooms': { query?: { limit?: number }; output: { items: Room[] } };
 *       }
 *     }
 *
 * and delete it once `npm run generate` knows it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Pending {}

type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** { "GET /people": operation, … } from the generated paths. */
type Generated = UnionToIntersection<
  {
    [P in keyof paths & string]: {
      [M in keyof paths[P] & Method as Exclude<paths[P][M], undefined> extends never
        ? never
        : `${Uppercase<M>} ${P}`]: Exclude<paths[P][M], undefined>;
    };
  }[keyof paths & string]
>;

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void
  ? I
  : never;

/** Every operation that can be called, as "METHOD /path". */
export type Op = (keyof Generated | keyof Pending) & string;

type Given<T, K extends PropertyKey> = T extends { [key in K]: infer V }
  ? V
  : T extends { [key in K]?: infer V }
    ? V
    : never;
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : never;
type ParamsOf<O> = Given<Given<O, 'parameters'>, 'path' | 'query'>;
type Clean<T> = T extends object ? { [K in keyof T as K extends '$schema' ? never : K]: T[K] } : T;

type PathPart<O> =
  Given<Given<O, 'parameters'>, 'path'> extends infer P
    ? [P] extends [never | undefined]
      ? unknown
      : { path: P }
    : never;
type QueryPart<O> =
  ParamsOf<O> extends never
    ? unknown
    : Given<O, 'parameters'> extends { query: infer Q }
      ? { query: Q }
      : Exclude<Given<Given<O, 'parameters'>, 'query'>, undefined> extends infer Q
        ? [Q] extends [never]
          ? unknown
          : { query?: Q }
        : never;
type BodyPart<O> = [Json<Exclude<Given<O, 'requestBody'>, undefined>>] extends [never]
  ? unknown
  : { body: Clean<Json<Exclude<Given<O, 'requestBody'>, undefined>>> };

type GeneratedInput<O> = PathPart<O> & QueryPart<O> & BodyPart<O> & { signal?: AbortSignal };

type Success = 200 | 201 | 202 | 204;
type GeneratedOutput<O> = {
  [S in keyof Given<O, 'responses'> & Success]: [Json<Given<O, 'responses'>[S]>] extends [never]
    ? undefined
    : Clean<Json<Given<O, 'responses'>[S]>>;
}[keyof Given<O, 'responses'> & Success];

/** What an operation takes: { path?, query?, body?, signal? }. */
export type Input<O extends Op> = O extends keyof Pending
  ? Omit<Pending[O], 'output'> & { signal?: AbortSignal }
  : O extends keyof Generated
    ? GeneratedInput<Generated[O]>
    : never;

/** What an operation answers. */
export type Output<O extends Op> = O extends keyof Pending
  ? Given<Pending[O], 'output'>
  : O extends keyof Generated
    ? GeneratedOutput<Generated[O]>
    : never;

/** The second argument of call() is optional when nothing in it is required. */
export type CallArgs<O extends Op> =
  Record<never, never> extends Input<O> ? [input?: Input<O>] : [input: Input<O>];
