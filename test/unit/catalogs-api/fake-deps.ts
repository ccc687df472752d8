import type { Deps } from "../../../lambdas/catalogs-api/deps.ts";
import { Feeds } from "../../../lambdas/common/adapters/dynamodb/access/feeds.ts";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import type { FailedSelection } from "../../../lambdas/common/core/batches/reschedule/reopen-batch.ts";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import type { DryRunRow } from "../../../lambdas/common/core/catalogs/dry-run.ts";
import { REQUEST_LIMITS } from "../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { readingOptions } from "../../../lambdas/common/core/catalogs/ingest/reading-choices.ts";
import { NotFoundError } from "../../../lambdas/common/core/errors.ts";
import { type Page, type PageRequest, pageAfter } from "../../../lambdas/common/core/list-page.ts";
import { NO_SHOP_SETTINGS, type ShopSettings } from "../../../lambdas/common/core/marketplaces/shop-settings.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { FailureRow } from "../../../lambdas/common/core/runs/failure-row.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { permitted } from "../../../lambdas/common/core/runs/run-transitions.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { StoredAnswer } from "../../../lambdas/common/platform/http/once-request.ts";
import { ingestCatalog } from "../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { NullSink } from "../../../lambdas/common/services/ingest/null-sink.ts";
import type { SourceStatus } from "../../../lambdas/common/services/source-statuses.ts";
import { person, unlimited } from "../../helpers/access/callers.ts";
import { testCursors } from "../../helpers/cursors.ts";
import { ACCESS_TABLE } from "../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { LICENCES } from "../../helpers/rights.ts";
import { sourceStatus } from "../../helpers/source-status.ts";
import { fakeExports } from "./fake-exports.ts";

/** 2026-08-01T12:00:00.000Z */
export const NOW_MS = Date.UTC(2026, 7, 1, 12);

/** What the fake deps hold, open for tests to look at and to change. */
export interface World {
  catalogs: CatalogRow[];
  runs: RunRow[];
  batches: BatchRow[];
  products: Map<string, Product>;
  dispatched: RunRow[];
  /** Users who were removed. */
  gone: Set<string>;
  statuses: SourceStatus[];
  /** Sources that are revoked. */
  revoked: Set<SourceId>;
  /** What operators set for shops. */
  shops: ShopSettings;
  dispatchFails: boolean;
  onceKeys: (string | undefined)[];
  /** Ids of catalogs whose objects were removed after a refusal. */
  discarded: string[];
  dryRuns: DryRunRow[];
  /** Set to refuse every claim on content. */
  duplicate: Error | undefined;
  logs: { level: string; message: string; extra: Record<string, unknown> }[];
  nowMs: number;
  failures: FailureRow[];
  /** What was asked of runs, in order: the verb and the run as it was read. */
  switched: [verb: string, run: RunRow | undefined, selection?: FailedSelection][];
  lifecycle: Deps["lifecycle"];
}

const page = <T>(items: readonly T[], request: PageRequest): Page<T> => {
  const from = Number(request.after?.from ?? 0);
  const slice = items.slice(from, from + request.limit);
  return pageAfter(slice, from + slice.length < items.length ? { from: from + slice.length } : undefined);
};

/** Deps over plain lists; ingest is the real pipeline without a store. */
export const fakeDeps = (): { deps: Deps; world: World } => {
  const world: World = {
    catalogs: [],
    runs: [],
    batches: [],
    products: new Map(),
    dispatched: [],
    gone: new Set(),
    statuses: [sourceStatus({ id: "creators-api" })],
    revoked: new Set(),
    shops: NO_SHOP_SETTINGS,
    dispatchFails: false,
    onceKeys: [],
    discarded: [],
    dryRuns: [],
    duplicate: undefined,
    logs: [],
    nowMs: NOW_MS,
    failures: [],
    switched: [],
    lifecycle: {
      pause: async (run) => switchTo("pause", run, "paused"),
      resume: async (run) => switchTo("resume", run, "running"),
      cancel: async (run) => switchTo("cancel", run, "cancelled"),
      stop: async (run) => {
        world.switched.push(["stop", run]);
      },
      retry: async (run, selection) => {
        world.switched.push(["retry", run, selection]);
        return { products: 1, batches: 1, inProgress: 0 };
      },
    },
  };
  const switchTo = (verb: "pause" | "resume" | "cancel", run: RunRow | undefined, state: RunRow["state"]): RunRow => {
    world.switched.push([verb, run]);
    return { ...permitted(verb, run), state };
  };
  let ids = 0;
  const answers = new Map<string, { fingerprint: string; answer: StoredAnswer }>();
  const log = (level: string) => (message: string, extra: Record<string, unknown>) => {
    world.logs.push({ level, message, extra });
  };
  const deps: Deps = {
    keyCalls: unlimited,
    feeds: new Feeds(new MemoryDynamo({ access: ACCESS_TABLE }).client(), "access"),
    feedCalls: unlimited,
    owners: { isPresent: async ({ userId }) => !world.gone.has(userId) },
    licences: LICENCES,
    revoked: async () => world.revoked,
    shops: async () => world.shops,
    catalogs: {
      createCatalog: async (row) => {
        world.catalogs.push(row);
      },
      createCatalogWithRun: async (row, run) => {
        world.catalogs.push({ ...row, tracking_id: run.batch_id });
        world.runs.push(run);
      },
      getCatalog: async (id, userId) => {
        const row = world.catalogs.find((catalog) => catalog.catalog_id === id && catalog.user_id === userId);
        if (!row || row.deleted_at !== null) throw new NotFoundError(`there is no catalog "${id}"`);
        return row;
      },
      listCatalogs: async (userId, request) => {
        const mine = world.catalogs.filter((catalog) => catalog.user_id === userId);
        return page(
          mine.map((catalog) => ({ catalog, run: world.runs.find((run) => run.batch_id === catalog.tracking_id) })),
          request,
        );
      },
    },
    runs: {
      createRun: async (catalog, run) => {
        world.runs.push(run);
        world.catalogs = world.catalogs.map((row) =>
          row.catalog_id === catalog.catalog_id ? { ...row, tracking_id: run.batch_id } : row,
        );
      },
      getRun: async (_, trackingId) => world.runs.find((run) => run.batch_id === trackingId),
      listBatches: async (_, trackingId, request) =>
        page(
          world.batches.filter((batch) => batch.tracking_id === trackingId),
          request,
        ),
    },
    deleted: {
      markDeleted: async (id, userId, now) => {
        const row = world.catalogs.find((catalog) => catalog.catalog_id === id && catalog.user_id === userId);
        if (!row || row.deleted_at !== null) throw new NotFoundError(`there is no catalog "${id}"`);
        world.catalogs = world.catalogs.map((other) => (other === row ? { ...row, deleted_at: now } : other));
        return row;
      },
    },
    products: { getMany: async (keys) => new Map(keys.flatMap((key) => entry(world.products, key))) },
    ingest: async (request) => {
      const body = (async function* () {
        yield request.content;
      })();
      const report = await ingestCatalog(
        { body, contentType: request.contentType, marketplace: request.marketplace, limits: REQUEST_LIMITS },
        new NullSink(),
        readingOptions(request.reading),
      );
      return {
        ...report,
        sample_keys: [...world.products.keys()],
        discard: async () => void world.discarded.push(request.catalogId),
      };
    },
    readRejected: async (_, offset, limit) => {
      const rows = [7, 8, 9].map((line) => ({ line, value: `v${line}`, reason: "not an ASIN" }));
      const rest = rows.slice(offset, offset + limit);
      return offset + rest.length < rows.length ? { rows: rest, next: offset + rest.length } : { rows: rest };
    },
    readProductRows: async (segment, from, count) =>
      Array.from({ length: Math.min(count, segment.products - from) }, (_, index) => ({
        asin: `B0${String(from + index).padStart(8, "0")}`,
      })),
    claimContent: async ({ catalog_id }, force) => {
      if (world.duplicate && !force) throw world.duplicate;
      return { Put: { TableName: "operations", Item: { operation_key: catalog_id } } };
    },
    dryRuns: {
      create: async (row) => {
        world.dryRuns.push(row);
      },
      get: async (id) => world.dryRuns.find((row) => row.dry_run_id === id),
    },
    signUpload: async ({ key, contentType, contentLength }) => ({
      url: `https://bucket.example.com/${key}?signed`,
      headers: { "content-type": contentType, "content-length": String(contentLength) },
    }),
    exports: fakeExports(),
    dispatch: async (run) => {
      if (world.dispatchFails) throw new Error("queue is away");
      world.dispatched.push(run);
    },
    lifecycle: world.lifecycle,
    failures: {
      listOpen: async (trackingId, request) =>
        page(
          world.failures.filter(
            (row) =>
              row.tracking_id === trackingId &&
              (request.error_code === undefined || row.error_code === request.error_code),
          ),
          request,
        ),
      scanOpen: async (trackingId, { errorCodes }) => ({
        rows: world.failures.filter(
          (row) =>
            row.tracking_id === trackingId &&
            row.retrying_since === undefined &&
            (errorCodes === undefined || errorCodes.includes(row.error_code)),
        ),
      }),
      getMany: async (trackingId, keys) =>
        world.failures.filter((row) => row.tracking_id === trackingId && keys.includes(row.product_key)),
    },
    readSourceStatuses: async () => world.statuses,
    enabledSources: ["creators-api", "keepa"],
    answerOnce: async (request, create) => {
      world.onceKeys.push(request.key);
      const toKeep = { id: `request of ${request.key ?? "no key"}`, keep: () => undefined };
      if (request.key === undefined) return create(toKeep);
      const id = `${request.userId} ${request.route} ${request.key}`;
      const known = answers.get(id);
      if (known) return known.answer;
      const answer = await create(toKeep);
      answers.set(id, { fingerprint: request.fingerprint, answer });
      return answer;
    },
    cursors: testCursors(),
    defaultBatchSize: 20,
    dailyRefresh: true,
    clock: { now: () => world.nowMs, sleep: async () => {} },
    newId: (length = 16) => {
      ids += 1;
      return String(ids).padStart(length, "0");
    },
    logger: { info: log("info"), warn: log("warn"), error: log("error") },
  };
  return { deps, world };
};

const entry = (products: ReadonlyMap<string, Product>, key: string): [string, Product][] => {
  const product = products.get(key);
  return product ? [[key, product]] : [];
};

/** Bindings of a request of somebody who signed in. */
export const signedIn = person;
