import { isDeepStrictEqual } from "node:util";
import type { ShopProducts } from "../../adapters/dynamodb/shop/shop-products.ts";
import type { StagedAssemblies } from "../../adapters/dynamodb/shop/staged-assemblies.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { TransientError } from "../../core/errors.ts";
import type { ShopEvent } from "../../core/shop/shop-event.ts";
import { halfOf, type ShopProduct, shopProductOf } from "../../core/shop/shop-product.ts";
import type { StagedAssembly } from "../../core/shop/staged-assembly.ts";

/** Attempts to write a product, each with a time of its own. */
const WRITES = 3;
const FIRST_WAIT_MS = 100;

/** What assembling works with. */
export interface AssembleDeps {
  readonly staged: Pick<StagedAssemblies, "stage" | "clear">;
  readonly products: Pick<ShopProducts, "create" | "get">;
  readonly clock: Clock;
}

/** What an event came to. */
export interface Assembled {
  /** Whether it made a product. */
  readonly isMade: boolean;
  /** Whether a half of its kind was there before, staged or in the product. */
  readonly isDuplicate: boolean;
  /** Whether that one says otherwise. The first counts. */
  readonly isConflicting: boolean;
}

/**
 * Takes one event: stages its half, and makes the product once both are there. What is staged is written before anything is
 * decided and removed after the product is written, so a worker that dies anywhere leaves what the next delivery of its
 * message finishes. Safe to repeat and to run for the same product at the same time.
 * @throws TransientError
 */
export const assemble = async (deps: AssembleDeps, event: ShopEvent): Promise<Assembled> => {
  const { half, key, content } = event;
  const { row, isRepeated } = await deps.staged.stage(event, deps.clock.now());
  const differs = (other: unknown): boolean => !isDeepStrictEqual(other, content);
  if (row.caption && row.thumbnails) {
    const { product, isMade } = await completeAssembly(deps, row);
    // A row that began after its product is of events that came once more; a product as young as its row is of these.
    const isDuplicate = isRepeated || product.created_at < row.first_seen_at;
    return {
      isMade,
      isDuplicate,
      isConflicting: isDuplicate && differs(isRepeated ? row[half] : halfOf(product, half)),
    };
  }
  // Read after it was staged: a worker that writes the product from now on finds this half and removes it.
  const product = await deps.products.get(key);
  if (product) {
    await deps.staged.clear(key);
    return { isMade: false, isDuplicate: true, isConflicting: differs(halfOf(product, half)) };
  }
  return { isMade: false, isDuplicate: isRepeated, isConflicting: isRepeated && differs(row[half]) };
};

/** A product that is there, and whether this call made it. */
export interface Completed {
  readonly product: ShopProduct;
  readonly isMade: boolean;
}

/**
 * Makes the product of a row that has both halves, unless it is there, and clears the row. Safe to repeat.
 * @throws TransientError
 */
export const completeAssembly = async (deps: AssembleDeps, row: StagedAssembly): Promise<Completed> => {
  const { caption, thumbnails } = row;
  if (!caption || !thumbnails) throw new Error(`half of ${row.seller_handle}/${row.video_id} is missing`);
  const completed = await writeOnce(deps, (createdAt) => shopProductOf(row, { caption, thumbnails }, createdAt));
  await deps.staged.clear(row);
  return completed;
};

/**
 * Each attempt bears its own time, so that no product is written long after the time that it bears: lists count on it. One
 * whose answer was lost is known by its time.
 */
const writeOnce = async (
  { products, clock }: AssembleDeps,
  productAt: (createdAt: string) => ShopProduct,
): Promise<Completed> => {
  const tried = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    const product = productAt(isoTime(clock.now()));
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
