import { logUnreadable } from "../../../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import { FailingRuns } from "../../../adapters/dynamodb/failures/failing-runs.ts";
import { FailureGroupStore } from "../../../adapters/dynamodb/failures/failure-group-store.ts";
import type { Clock } from "../../../core/clock.ts";
import type { SourceSettings } from "../../../core/sources/source-settings.ts";
import type { Log } from "../../../platform/logger.ts";
import { stagePace } from "../../../sources/registry/stage-pace.ts";
import { buildCatalogStores } from "../catalogs/catalog-stores.ts";
import type { Clients } from "../clients.ts";
import { type BatchQueuesEnv, buildBatchQueues } from "./batch-queues.ts";
import { buildRunStores, type RunStoresEnv } from "./run-stores.ts";

/** Environment that trials of failure groups take. */
export interface TrialsEnv extends RunStoresEnv, BatchQueuesEnv {
  readonly SOURCES: readonly SourceSettings[];
}

/** What they are built on. */
export interface TrialsParts extends Pick<Clients, "documents" | "sqs"> {
  readonly clock: Clock;
  readonly log: Pick<Log, "error">;
}

/** Builds what reads failure groups and tries their products, at the pace of the stage's first source. */
export const buildTrials = (env: TrialsEnv, parts: TrialsParts) => {
  const [first] = env.SOURCES;
  const onUnreadable = logUnreadable(parts.log);
  return {
    ...buildCatalogStores(env, parts),
    ...buildRunStores(env, parts),
    ...buildBatchQueues(env, parts),
    failing: new FailingRuns(parts.documents, env.STATUS_TABLE_NAME, onUnreadable),
    onUnreadable,
    groups: new FailureGroupStore(parts.documents, env.FAILURES_TABLE_NAME),
    productsPerSecond: stagePace(env.SOURCES)(first?.id ?? ""),
    clock: parts.clock,
  };
};
