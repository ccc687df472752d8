import type { Half, Halves, ShopEvent } from "./shop-event.ts";
import type { ShopKey } from "./shop-ids.ts";
import type { StagedAssembly } from "./staged-assembly.ts";

/** The halves of a product that are there. */
export type SomeHalves = { readonly [Name in Half]?: Halves[Name] | undefined };

/** What came for one product, in the order in which it came. */
export interface Assembly {
  readonly key: ShopKey;
  /** At least one. */
  readonly events: readonly ShopEvent[];
}

/** A text that only this product has: neither of its parts may hold a slash. */
export const assemblyId = ({ seller_handle, video_id }: ShopKey): string => `${seller_handle}/${video_id}`;

/** Puts events of the same product together. */
export const assembliesOf = (events: readonly ShopEvent[]): readonly Assembly[] => {
  const assemblies = new Map<string, { key: ShopKey; events: ShopEvent[] }>();
  for (const event of events) {
    const id = assemblyId(event.key);
    const assembly = assemblies.get(id);
    if (assembly) assembly.events.push(event);
    else assemblies.set(id, { key: event.key, events: [event] });
  }
  return [...assemblies.values()];
};

/** The halves that count: those that are staged, else the first event of each. @param row staged, and not at its end */
export const halvesThatCount = (row: StagedAssembly | undefined, events: readonly ShopEvent[]): SomeHalves => {
  let { caption, thumbnails }: SomeHalves = row ?? {};
  for (const event of events) {
    if (event.half === "caption") caption ??= event.content;
    else thumbnails ??= event.content;
  }
  return { caption, thumbnails };
};
