import type { ShopProducts } from "../../adapters/dynamodb/shop/shop-products.ts";
import type { StagedAssemblies } from "../../adapters/dynamodb/shop/staged-assemblies.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { TransientError } from "../../core/errors.ts";
import type { Halves } from "../../core/shop/shop-event.ts";
import type { ShopKey } from "../../core/shop/shop-ids.ts";
import { type ShopProduct, shopProductOf } from "../../core/shop/shop-product.ts";
import type { StagedAssembly } from "../../core/shop/staged-assembly.ts";

/** Attempts to write a product, each with a time of its own. */
const WRITES = 3;
const FIRST_WAIT_MS = 100;

/** What making a product works with. */
export interface MakeDeps {
  readonly products: Pick<ShopProducts, "create">;
  readonly clock: Clock;
}

/** A product that is there, and whether this call made it. */
export interface Made {
  readonly product: ShopProduct;
  readonly isMade: boolean;
}

/**
 * Makes a product of its halves unless it is there. Each attempt bears its own time, so that no product is written long after
 * the time that it bears: lists count on it. One whose answer was lost is known by its time. Safe to repeat.
 * @throws TransientError
 */
export const makeProduct = async ({ products, clock }: MakeDeps, key: ShopKey, halves: Halves): Promise<Made> => {
  const tried = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    const product = shopProductOf(key, halves, isoTime(clock.now()));
    try {
      const existing = await products.create(product);
      if (existing === undefined) return { product, isMade: true };
      return { product: existing, isMade: tried.has(existing.created_at) };
    } catch (error) {
      if (!(error instanceof TransientError) || attempt === WRITES) throw error;
    }
    tried.add(product.created_at);
    await clock.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
};

/**
 * Makes the product of a row that has both halves, unless it is there, and clears the row. Safe to repeat.
 * @throws TransientError
 */
export const completeAssembly = async (
  deps: MakeDeps & { readonly staged: Pick<StagedAssemblies, "clear"> },
  row: StagedAssembly,
): Promise<Made> => {
  const { caption, thumbnails } = row;
  if (!caption || !thumbnails) throw new Error(`half of ${row.seller_handle}/${row.video_id} is missing`);
  const made = await makeProduct(deps, row, { caption, thumbnails });
  await deps.staged.clear([row]);
  return made;
};
