import { DispatchClaims } from "../../../adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { logUnreadable } from "../../../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { SegmentReader } from "../../../adapters/s3/segment-reader.ts";
import type { BaseEnv } from "../../../core/base-env.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Log } from "../../../platform/logger.ts";
import { createMeter } from "../../../platform/metrics.ts";
import { type StageWindowEnv, stageWindow } from "../../../sources/registry/stage-window.ts";
import { Dispatcher, type DispatcherDeps } from "../../dispatch/dispatcher.ts";
import type { Clients } from "../clients.ts";
import { type BatchQueuesEnv, buildBatchQueues } from "./batch-queues.ts";
import { buildRunStores, type RunStoresEnv } from "./run-stores.ts";

/** Environment that a dispatcher takes. */
export interface DispatcherEnv extends BatchQueuesEnv, RunStoresEnv, StageWindowEnv, Pick<BaseEnv, "STAGE"> {
  /** Where the products of catalogs are read. */
  readonly BUCKET_NAME: string;
}

/** What a dispatcher is built on. */
export interface DispatcherParts extends Clients {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Pick<Log, "error">;
  /** Products in flight at most, however many the stage's window holds. @default no limit of its own */
  readonly maxWindowProducts?: number;
}

/**
 * Builds the dispatcher of a stage. It logs open runs that it cannot read once each.
 * @param instead takes the place of what would be built: parts that the caller shares with others, or a test controls
 */
export const buildDispatcher = (
  env: DispatcherEnv,
  { documents, s3, sqs, clock, newId, log, maxWindowProducts = Number.POSITIVE_INFINITY }: DispatcherParts,
  instead: Partial<DispatcherDeps> = {},
): Dispatcher =>
  new Dispatcher({
    ...buildBatchQueues(env, { sqs }),
    ...buildRunStores(env, { documents }),
    claims: new DispatchClaims(documents, env.STATUS_TABLE_NAME),
    products: new SegmentReader(s3, env.BUCKET_NAME),
    clock,
    newId,
    log,
    meter: createMeter(env.STAGE),
    onUnreadable: logUnreadable(log),
    windowProducts: Math.min(stageWindow(env), maxWindowProducts),
    ...instead,
  });
