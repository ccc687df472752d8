import { isoTime } from "../../clock.ts";
import type { SourceId } from "../../source-ids.ts";
import type { BatchItem, Parked } from "../batch-row.ts";
import { RETRY_DELAYS_SECONDS, retryDelaySeconds } from "./retry-policy.ts";

/** What came of one product in one invocation. */
export type ItemOutcome =
  /** It is in the `products` table now. */
  | { readonly kind: "enriched"; readonly source: SourceId; readonly fromCache: boolean; readonly incomplete: boolean }
  /** Nothing more can be had. */
  | { readonly kind: "failed"; readonly code: string; readonly source?: SourceId }
  /** A failure that may pass. `counts`: it is held against this product; else it was asked in company. */
  | {
      readonly kind: "retry";
      readonly code: string;
      readonly source?: SourceId;
      readonly counts: boolean;
      readonly suspicion: boolean;
    }
  /**
   * Nobody's fault: a slot, a quota or a source is waited for. `shortCall`: it waits for company, once. `later`: its
   * first source has done its part, and `source` is to fill in the rest. `asksFirst`: at its next try the first one is
   * asked again, because what it said is not remembered. `heldBy`: limit keys whose open breaker holds it up.
   */
  | {
      readonly kind: "wait";
      readonly retryAtMs: number;
      readonly shortCall: boolean;
      readonly later?: boolean;
      readonly asksFirst?: boolean;
      readonly source?: SourceId | null;
      readonly heldBy?: readonly string[];
    };

/**
 * A product that waits for its first source for longer than this is parked. Not less: what a source refuses for a shorter
 * time is not reported either, and a run that says nothing must not send on into what refuses it.
 */
export const PARKED_AFTER_MS = 60_000;

/** Wait after a failure that is held against nobody. */
const SOFT_RETRY_MS = 5_000;

/** The item as it is when it waits for no source any more. */
const unparked = ({ parked: _parked, held_by: _held, ...rest }: BatchItem): BatchItem => rest;

const pending = (item: BatchItem, nextAttemptMs: number, changes: Partial<BatchItem> = {}): BatchItem => ({
  ...unparked(item),
  ...changes,
  next_attempt_at: isoTime(nextAttemptMs),
});

/** Its message comes back after a moment. It has no time of its own, so that it may join any call that is under way then. */
const waiting = (item: BatchItem): BatchItem => {
  const { next_attempt_at: _next, ...open } = unparked(item);
  return { ...open, waited: true };
};

const settled = (item: BatchItem, changes: Partial<BatchItem>): BatchItem => {
  const { next_attempt_at: _next, waited: _waited, reopened: _reopened, reopened_at: _at, ...rest } = unparked(item);
  return { ...rest, ...changes };
};

const failed = (item: BatchItem, { code, source }: { code: string; source?: SourceId }): BatchItem =>
  settled(item, { state: "failed", error_code: code, ...(source ? { error_source: source } : {}) });

/** For a later source however short the wait: a line of short waits is as long as its source is slow. */
const parkedFor = (later: boolean, waitMs: number): { parked?: Parked } => {
  if (later) return { parked: "later" };
  return waitMs > PARKED_AFTER_MS ? { parked: "first" } : {};
};

/**
 * The item as it is after a result. Only a failure that is held against the product uses up one of its three
 * retries (after 30, 60 and 120 s); throttles, quotas, pauses and missing credentials never do.
 */
export const settleItem = (item: BatchItem, result: ItemOutcome, nowMs: number): BatchItem => {
  switch (result.kind) {
    case "enriched": {
      const { error_code: _code, ...clean } = item;
      return settled(clean, {
        state: "enriched",
        source: result.source,
        ...(result.fromCache ? { from_cache: true } : {}),
        ...(result.incomplete ? { incomplete: true } : {}),
      });
    }
    case "failed":
      return failed(item, result);
    case "retry": {
      if (!result.counts) {
        const suspicions = (item.suspicions ?? 0) + Number(result.suspicion);
        const delayMs = result.suspicion ? RETRY_DELAYS_SECONDS[0] * 1_000 : SOFT_RETRY_MS;
        return pending(item, nowMs + delayMs, suspicions > 0 ? { suspicions } : {});
      }
      const attempts = item.attempts + 1;
      const delay = retryDelaySeconds(attempts);
      if (delay === undefined) return failed({ ...item, attempts }, result);
      return pending(item, nowMs + delay * 1_000, { attempts, error_code: result.code });
    }
    case "wait":
      if (result.shortCall) return waiting(item);
      return pending(item, Math.max(nowMs, result.retryAtMs), {
        ...parkedFor(result.later ?? false, result.retryAtMs - nowMs),
        ...(result.heldBy && result.heldBy.length > 0 ? { held_by: [...result.heldBy] } : {}),
      });
  }
};

/** Settles what is still pending in a batch whose run was cancelled. */
export const cancelItem = (item: BatchItem): BatchItem =>
  item.state === "pending" ? settled(item, { state: "cancelled" }) : item;

/** Fails what is still pending in a batch that is given up. It keeps what its tries left, for anyone who investigates it. */
export const giveUpItem = (item: BatchItem, code: string): BatchItem =>
  item.state === "pending" ? { ...unparked(item), state: "failed", error_code: code } : item;
