import { isDeepStrictEqual } from "node:util";
import type { ShopEvent } from "../../core/shop/shop-event.ts";
import { halfOf } from "../../core/shop/shop-product.ts";
import type { Begun } from "./begin-assembly.ts";

/** What an event was, beside the others of its product. */
export interface Judged {
  /** Whether a half of its kind was there before: staged, in the product or among the events that came with it. */
  readonly isDuplicate: boolean;
  /** Whether that one says otherwise. The first counts. */
  readonly isConflicting: boolean;
}

/** Judges one of the events of a product. */
export const judgeEvent = (begun: Begun, event: ShopEvent): Judged => {
  const { half, content } = event;
  const isFirst = begun.events.find((other) => other.half === half) === event;
  const isDuplicate = !isFirst || begun.before.has(half) || isLate(begun);
  const counts = begun.product && !begun.isMade ? halfOf(begun.product, half) : begun.halves[half];
  return { isDuplicate, isConflicting: isDuplicate && !isDeepStrictEqual(counts, content) };
};

/**
 * Whether the product was there before these events. One that was made after their half was staged is of that half: the
 * worker with the other half made it.
 */
const isLate = ({ product, isMade, stagedAt }: Begun): boolean =>
  product !== undefined && !isMade && (stagedAt === undefined || product.created_at <= stagedAt);
