import { DynamoLimitStore } from "../../../adapters/dynamodb/upstream-limits/dynamo-limit-store.ts";
import type { Clock } from "../../../core/clock.ts";
import { StoreRateLimiter } from "../../../core/limiter/store-rate-limiter.ts";
import type { Log } from "../../../platform/logger.ts";
import type { Clients } from "../clients.ts";
import { changeFields } from "./change-fields.ts";
import { slotFields } from "./slot-fields.ts";

/** Environment that the limiter takes. */
export interface RateLimiterEnv {
  readonly LIMITS_TABLE_NAME: string;
}

/** What the limiter is built on. */
export interface RateLimiterParts extends Pick<Clients, "documents"> {
  readonly clock: Clock;
  /** Gives a new unique id each time. */
  readonly newId: () => string;
  /** Gets every change of a breaker that this instance made, and at level DEBUG each slot with what became of it. */
  readonly log: Pick<Log, "warn"> & Partial<Pick<Log, "debug">>;
  /** Called besides when this instance closed a breaker. @default nothing more is done */
  readonly onClosed?: () => void;
}

/**
 * Builds the limiter that all instances of all functions share through the `upstream-limits` table. Build one per
 * instance: it remembers what it last saw, which is what keeps a reservation at one write.
 */
export const buildRateLimiter = (
  env: RateLimiterEnv,
  { documents, clock, newId, log, onClosed }: RateLimiterParts,
): StoreRateLimiter =>
  new StoreRateLimiter({
    store: new DynamoLimitStore(documents, env.LIMITS_TABLE_NAME),
    clock,
    ids: newId,
    onStateChange: (change) => {
      log.warn("breaker changed", changeFields(change));
      if (change.to === "closed") onClosed?.();
    },
    onSlotEnd: (slot, end) => log.debug?.("slot ended", slotFields(slot, end)),
  });
