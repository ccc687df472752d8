import { duplicateUpload } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/content-claims.ts";
import type { ReadCatalog } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import type { DryRunResult, DryRunRow } from "../../../lambdas/common/core/catalogs/dry-run.ts";
import type { UploadRequest } from "../../../lambdas/common/core/catalogs/upload-request.ts";
import { NotFoundError, StaleWriteError } from "../../../lambdas/common/core/errors.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { ingestCatalog } from "../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { SamplingSink } from "../../../lambdas/common/services/ingest/sampling-sink.ts";
import type { Deps } from "../../../lambdas/ingest-catalog/deps.ts";
import { MemorySink } from "../../helpers/memory/memory-sink.ts";
import { aCatalog, NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";

/** Lambda's context, with time enough. */
export const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

export const CATALOG_ID = "cat_0123456789abcdef";

export const anUploadRequest = (changes: Partial<UploadRequest> = {}): UploadRequest => ({
  file_name: "catalog.csv",
  content_type: "text/csv",
  content_length: 30,
  enrich: true,
  run: {
    provider: null,
    fallback: true,
    force: false,
    include_variations: false,
    refresh_daily: false,
    batch_size: "auto",
  },
  correlation_id: "corr-1",
  ...changes,
});

/** A catalog whose file is awaited. */
export const anAwaited = (changes: Partial<CatalogRow> = {}): CatalogRow =>
  aCatalog({
    catalog_id: CATALOG_ID,
    state: "awaiting_upload",
    segments: [],
    upload: anUploadRequest(),
    ingest: { attempt: 0, lease_until: new Date(NOON).toISOString(), bytes_read: 0 },
    due_shard: "uploads",
    due_at: new Date(NOON).toISOString(),
    ...changes,
  });

/** What the fake deps hold, open for tests to look at and to change. */
export interface World {
  row: CatalogRow | undefined;
  /** Undefined: no file is there. */
  file: string | undefined;
  nowMs: number;
  /** Milliseconds that pass with every chunk of 10 bytes. */
  msAChunk: number;
  duplicate: boolean;
  commitFails: Error | undefined;
  /** What opening the file fails with. */
  openFails: Error | undefined;
  dryRun: DryRunRow | undefined;
  dryRunEnd: { result: DryRunResult | null; failure: string | null } | undefined;
  sinks: { prefix: string; sink: MemorySink }[];
  committed: { read: ReadCatalog; run: RunRow | undefined }[];
  progress: { bytes: number; until: string | undefined }[];
  released: string[];
  backAfter: number[];
  /** Seconds for which the message was hidden, one entry for each time. */
  hiddenFor: number[];
  dispatched: RunRow[];
  closed: number;
  /** What was asked to be removed: `all`, `upload` or `written but <prefix>`. */
  removed: string[];
  /** What removing fails with. */
  removeFails: Error | undefined;
  /** Whether the user may have one more file read. */
  hasSlot: boolean;
  slotUses: string[];
  sentLater: number[];
}

/** Deps over one row and one file; the ingest is the real one. */
export const fakeDeps = (changes: Partial<World> = {}): { deps: Deps; world: World } => {
  const world: World = {
    row: anAwaited(),
    file: "asin,sku\nB0ABCDEF01,1\nB0ABCDEF02,2\nnope,3\n",
    nowMs: NOON,
    msAChunk: 0,
    duplicate: false,
    commitFails: undefined,
    openFails: undefined,
    dryRun: undefined,
    dryRunEnd: undefined,
    sinks: [],
    committed: [],
    progress: [],
    released: [],
    backAfter: [],
    hiddenFor: [],
    dispatched: [],
    closed: 0,
    removed: [],
    removeFails: undefined,
    hasSlot: true,
    slotUses: [],
    sentLater: [],
    ...changes,
  };
  const holds = (attempt: number): boolean => world.row?.state === "ingesting" && world.row.ingest?.attempt === attempt;
  const change = (patch: Partial<CatalogRow>) => {
    if (world.row) world.row = { ...world.row, ...patch };
  };
  const remove = (what: string) => {
    if (world.removeFails) throw world.removeFails;
    world.removed.push(what);
  };
  const claim = { Put: { TableName: "operations", Item: {} } };
  const deps: Deps = {
    rows: {
      get: async () => world.row,
      take: async (_, _reader, now, until) => {
        const { row } = world;
        const free =
          row?.state === "awaiting_upload" || (row?.state === "ingesting" && (row.ingest?.lease_until ?? "") < now);
        if (!free) return undefined;
        change({
          state: "ingesting",
          ingest: { attempt: (row?.ingest?.attempt ?? 0) + 1, lease_until: until, bytes_read: 0 },
        });
        return world.row;
      },
      progress: async (own, bytes, until) => {
        if (!holds(own.attempt)) throw new StaleWriteError("no longer ours");
        world.progress.push({ bytes, until });
      },
      commit: async (own, read, _bytes, start) => {
        if (world.commitFails) throw world.commitFails;
        if (!holds(own.attempt)) throw new StaleWriteError("no longer ours");
        world.committed.push({ read, run: start?.run });
        change({ state: "ready", rows_key: `catalogs/${CATALOG_ID}/${own.attempt}/rows.ndjson` });
      },
      fail: async (own, failure) => {
        if (!holds(own.attempt)) return false;
        change({ state: "ingest_failed", failure });
        return true;
      },
      release: async (own, now, dueAt) => {
        world.released.push(dueAt);
        change({ ingest: { attempt: own.attempt, lease_until: now, bytes_read: 0 }, due_at: dueAt });
      },
    },
    uploads: {
      open: async () => {
        const { file, openFails } = world;
        if (openFails) throw openFails;
        if (file === undefined) throw new NotFoundError("no such object");
        const body = (async function* () {
          for (let at = 0; at < file.length; at += 10) {
            world.nowMs += world.msAChunk;
            yield Buffer.from(file.slice(at, at + 10));
          }
        })();
        const close = () => {
          world.closed += 1;
        };
        return { body, bytes: file.length, close };
      },
    },
    contents: {
      claim: async () => {
        if (world.duplicate) throw duplicateUpload(', as catalog "Other" (cat_other)');
        return claim;
      },
      take: async () => claim,
    },
    dryRuns: {
      get: async () => world.dryRun,
      finish: async (_, end) => {
        world.dryRunEnd = end;
      },
    },
    dispatcher: {
      topUp: async (runs = []) => {
        world.dispatched.push(...runs);
        return runs.length;
      },
    },
    ownQueue: {
      changeVisibility: async (_, seconds) => {
        world.backAfter.push(seconds);
      },
      changeVisibilities: async (_, seconds) => {
        world.hiddenFor.push(seconds);
      },
      remove: async () => undefined,
    },
    queue: {
      sendLater: async (_, seconds) => {
        world.sentLater.push(seconds);
      },
    },
    objects: {
      remove: async () => remove("all"),
      removeUpload: async () => remove("upload"),
      removeWritten: async (_, keep) => remove(`written but ${keep}`),
    },
    readingSlots: {
      begin: async ({ user_id }) => {
        if (world.hasSlot) world.slotUses.push(`begun ${user_id}`);
        return world.hasSlot;
      },
      renew: async () => void world.slotUses.push("renewed"),
      end: async ({ user_id }) => void world.slotUses.push(`ended ${user_id}`),
    },
    ingest: ingestCatalog,
    openSink: (prefix) => {
      const sink = new MemorySink();
      world.sinks.push({ prefix, sink });
      return sink;
    },
    openSampler: (most) => new SamplingSink(most),
    clock: { now: () => world.nowMs, sleep: async () => {} },
    newId: () => "reader-1",
    random: () => 0.99,
    log: silentLog,
    meter: silentMeter,
  };
  return { deps, world };
};
