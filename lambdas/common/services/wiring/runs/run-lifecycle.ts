import type { Clock } from "../../../core/clock.ts";
import type { Log } from "../../../platform/logger.ts";
import { type StageWindowEnv, stageWindow } from "../../../sources/registry/stage-window.ts";
import { RunLifecycle, type RunLifecycleDeps } from "../../lifecycle/run-lifecycle.ts";
import { buildCatalogStores } from "../catalogs/catalog-stores.ts";
import type { Clients } from "../clients.ts";
import { type BatchQueuesEnv, buildBatchQueues } from "./batch-queues.ts";
import { buildLifecycleStores } from "./lifecycle-stores.ts";
import type { RunStoresEnv } from "./run-stores.ts";

/** Environment that the lifecycle of runs takes. */
export interface RunLifecycleEnv extends RunStoresEnv, BatchQueuesEnv, StageWindowEnv {}

/** What the lifecycle of runs is built on. */
export interface RunLifecycleParts extends Pick<Clients, "documents" | "sqs"> {
  readonly clock: Clock;
  readonly dispatcher: RunLifecycleDeps["dispatcher"];
  readonly log: Pick<Log, "error">;
}

/**
 * Builds what pauses, resumes, cancels and retries runs, at the pace of the stage's first source.
 * @param instead takes the place of what would be built, for tests
 */
export const buildRunLifecycle = (
  env: RunLifecycleEnv,
  parts: RunLifecycleParts,
  instead: Partial<RunLifecycleDeps> = {},
): RunLifecycle =>
  new RunLifecycle({
    ...buildCatalogStores(env, parts),
    ...buildLifecycleStores(env, parts),
    ...buildBatchQueues(env, parts),
    dispatcher: parts.dispatcher,
    productsPerSecond: stageWindow(env) / env.DISPATCH_WINDOW_SECONDS,
    clock: parts.clock,
    log: parts.log,
    ...instead,
  });
