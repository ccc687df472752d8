import type { StagedAssemblies } from "../../adapters/dynamodb/shop/staged-assemblies.ts";
import { type Assembly, halvesThatCount, type SomeHalves } from "../../core/shop/assembly.ts";
import type { Half, ShopEvent } from "../../core/shop/shop-event.ts";
import type { ShopKey } from "../../core/shop/shop-ids.ts";
import type { ShopProduct } from "../../core/shop/shop-product.ts";
import type { StagedAssembly } from "../../core/shop/staged-assembly.ts";
import { type MakeDeps, makeProduct } from "./make-product.ts";

/** A product whose events were written down: as the product itself, or as a half that waits. */
export interface Begun {
  readonly key: ShopKey;
  readonly events: readonly ShopEvent[];
  /** The halves that count, as far as they are there. */
  readonly halves: SomeHalves;
  /** Halves that were staged before by other deliveries. */
  readonly before: ReadonlySet<Half>;
  /** When the half that these events brought was staged, ISO time; undefined when none was. */
  readonly stagedAt: string | undefined;
  /** The product; undefined when half of it waits. */
  readonly product: ShopProduct | undefined;
  /** Whether this call made it. */
  readonly isMade: boolean;
}

/**
 * Makes the product of an assembly when both halves are there, and else stages the one that is. @param row what was staged
 * @throws TransientError
 */
export const beginAssembly = async (
  deps: MakeDeps & { readonly staged: Pick<StagedAssemblies, "stage"> },
  { key, events }: Assembly,
  row: StagedAssembly | undefined,
): Promise<Begun> => {
  const live = row && row.ttl * 1_000 > deps.clock.now() ? row : undefined;
  const begun = { key, events, before: halvesOf(live), stagedAt: undefined, product: undefined, isMade: false };
  const halves = halvesThatCount(live, events);
  const ready = await complete(deps, key, halves);
  if (ready) return { ...begun, halves, ...ready };
  const [first] = events;
  // Its half waits already, and the other one has not come.
  if (!first || live?.[first.half]) return { ...begun, halves };
  const { row: now, isRepeated } = await deps.staged.stage(first, deps.clock.now(), row === undefined);
  const staged = {
    ...begun,
    halves: { caption: now.caption, thumbnails: now.thumbnails },
    before: new Set<Half>(isRepeated ? [first.half] : []),
    stagedAt: isRepeated ? undefined : now.first_seen_at,
  };
  // The other half came meanwhile, by another worker.
  return { ...staged, ...(await complete(deps, key, now)) };
};

const halvesOf = (row: StagedAssembly | undefined): ReadonlySet<Half> =>
  new Set((["caption", "thumbnails"] as const).filter((half) => row?.[half] !== undefined));

const complete = async (deps: MakeDeps, key: ShopKey, { caption, thumbnails }: SomeHalves) =>
  caption && thumbnails ? makeProduct(deps, key, { caption, thumbnails }) : undefined;
