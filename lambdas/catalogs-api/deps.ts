import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import type { Cursors } from "../common/platform/http/cursors.ts";
import type { RunLifecycle } from "../common/services/lifecycle/run-lifecycle.ts";
import type { ReadSourceStatuses } from "../common/services/source-statuses.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import { buildCatalogStores, type CatalogStores } from "../common/services/wiring/catalogs/catalog-stores.ts";
import { buildCursors } from "../common/services/wiring/cursors.ts";
import { buildKeyCalls, type KeyDeps } from "../common/services/wiring/key-calls.ts";
import { buildDispatcher } from "../common/services/wiring/runs/dispatcher.ts";
import { buildLifecycleStores, type LifecycleStores } from "../common/services/wiring/runs/lifecycle-stores.ts";
import { buildRunLifecycle } from "../common/services/wiring/runs/run-lifecycle.ts";
import { buildSourceStatuses } from "../common/services/wiring/sources/source-statuses.ts";
import { factsOf } from "../common/sources/registry/known-facts.ts";
import { buildCatalogReads, type CatalogReads } from "./catalog-reads.ts";
import type { Env } from "./env.ts";
import { buildExports, type Exports } from "./exports.ts";
import { type AnswerCommittedOnce, buildAnswerOnce } from "./stored-answers.ts";
import { buildUploads, type Uploads } from "./uploads.ts";

/** Everything the routes of this room need. */
export interface Deps extends ApiContext, KeyDeps, Uploads, CatalogReads {
  readonly catalogs: Pick<
    CatalogStores["catalogs"],
    "createCatalog" | "createCatalogWithRun" | "getCatalog" | "listCatalogs"
  >;
  readonly runs: Pick<CatalogStores["runs"], "createRun" | "getRun" | "listBatches">;
  readonly deleted: Pick<LifecycleStores["deleted"], "markDeleted">;
  /** Sends the first batches of a new run. Safe to repeat; the schedule sends what this could not. */
  readonly dispatch: (run: RunRow) => Promise<void>;
  readonly exports: Exports;
  readonly lifecycle: Pick<RunLifecycle, "pause" | "resume" | "cancel" | "stop" | "retry">;
  readonly failures: Pick<LifecycleStores["failures"], "listOpen" | "scanOpen" | "getMany">;
  readonly readSourceStatuses: ReadSourceStatuses;
  /** Enabled sources in order. */
  readonly enabledSources: readonly SourceId[];
  readonly answerOnce: AnswerCommittedOnce;
  /** Seals and opens the cursors of lists. */
  readonly cursors: Cursors;
  readonly defaultBatchSize: number | "auto";
  /** Whether the stage fetches products again by itself. */
  readonly dailyRefresh: boolean;
}

/**
 * Products that a request sends at most: the caller waits for it, and each batch costs a read and a write. Consumers
 * send the rest as soon as the first are done.
 */
const MAX_SENT_IN_REQUEST = 400;

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), s3: createS3Client(), sqs: createSqsClient() };
  const context = buildApiContext(env);
  const parts = { ...clients, ...context, log: context.logger };
  const { deleted, failures } = buildLifecycleStores(env, parts);
  const capped = { ...parts, maxWindowProducts: MAX_SENT_IN_REQUEST };
  const reads = buildCatalogReads(env, parts);
  const { revoked } = reads;
  // The limiter is only asked for states, so it makes no slots and changes no breaker.
  const { readSourceStatuses } = buildSourceStatuses(env, { ...parts, revoked, describe: factsOf });
  const dispatcher = buildDispatcher(env, capped, { products: { read: reads.readProductRows } });
  return {
    ...context,
    ...buildKeyCalls(env, clients),
    ...buildCatalogStores(env, parts),
    ...reads,
    ...buildUploads(env, parts),
    deleted,
    failures,
    dispatch: async (run) => {
      await dispatcher.topUp([run]);
    },
    exports: buildExports(env, parts),
    lifecycle: buildRunLifecycle(env, { ...parts, dispatcher }),
    readSourceStatuses,
    enabledSources: env.SOURCES.map(({ id }) => id),
    answerOnce: buildAnswerOnce(env, parts),
    cursors: buildCursors(env, parts.clock),
    defaultBatchSize: env.BATCH_SIZE,
    dailyRefresh: env.DAILY_REFRESH === "true",
  };
};
