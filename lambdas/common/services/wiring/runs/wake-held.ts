import { logUnreadable } from "../../../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { DynamoLimitStore } from "../../../adapters/dynamodb/upstream-limits/dynamo-limit-store.ts";
import type { Clock } from "../../../core/clock.ts";
import type { SourceSettings } from "../../../core/sources/source-settings.ts";
import type { Log } from "../../../platform/logger.ts";
import { stagePace } from "../../../sources/registry/stage-pace.ts";
import { type WakeHeldDeps, wakeHeld } from "../../lifecycle/wake-held.ts";
import type { Clients } from "../clients.ts";
import type { RateLimiterEnv } from "../sources/rate-limiter.ts";
import { type BatchQueuesEnv, buildBatchQueues } from "./batch-queues.ts";
import { buildRunRows } from "./run-rows.ts";

/** Environment that `wakeHeld` takes. */
export interface WakeHeldEnv extends BatchQueuesEnv, RateLimiterEnv {
  readonly STATUS_TABLE_NAME: string;
  readonly SOURCES: readonly SourceSettings[];
}

/** What it is built on. */
export interface WakeHeldParts extends Pick<Clients, "documents" | "sqs"> {
  readonly clock: Clock;
  readonly log: Pick<Log, "error">;
}

/** `wakeHeld` of a stage. @param untilMs no further part is begun after this time */
export type WakeHeld = (untilMs: number) => Promise<number>;

/**
 * Builds what wakes the batches that an open breaker held up.
 * @param instead takes the place of what would be built, for tests
 */
export const buildWakeHeld = (
  env: WakeHeldEnv,
  { documents, sqs, clock, log }: WakeHeldParts,
  instead: Partial<WakeHeldDeps> = {},
): WakeHeld => {
  const deps: WakeHeldDeps = {
    ...buildBatchQueues(env, { sqs }),
    ...buildRunRows(env, { documents }),
    limits: new DynamoLimitStore(documents, env.LIMITS_TABLE_NAME),
    productsPerSecond: stagePace(env.SOURCES),
    onUnreadable: logUnreadable(log),
    clock,
    ...instead,
  };
  return (untilMs) => wakeHeld(deps, untilMs);
};
