import type { paths } from './openapi';

type OfInstance<N extends string> = `/v1/instances/{instance}/actions/${N}`;
type OfHost<N extends string> = `/v1/actions/${N}`;
type NameIn<P> = P extends OfInstance<infer N> ? N : P extends OfHost<infer N> ? N : never;

// ActionName is the name of an action of the catalog.
export type ActionName = NameIn<keyof paths>;

type Operation<N extends ActionName> = paths[Extract<keyof paths, OfInstance<N> | OfHost<N>>] extends { post: infer O } ? O : never;
type Json<T> = T extends { content: { 'application/json': infer J } } ? J : never;

// Input is what an action takes.
export type Input<N extends ActionName> =
  Operation<N> extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;

// Output is what an action answers.
export type Output<N extends ActionName> = Operation<N> extends { responses: { 200: infer R } } ? Json<R> : never;

// Item is an entry of what a list action answers.
export type Item<N extends ActionName> = Output<N> extends { items: readonly (infer I)[] } ? I : never;
