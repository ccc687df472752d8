import { DEFAULT_BATCH_SIZE } from "../common/core/batches/partition/batch-size.ts";
import { newCatalogId } from "../common/core/catalogs/catalog-id.ts";
import type { CatalogRow } from "../common/core/catalogs/catalog-row.ts";
import { EVENT_SYSTEM } from "../common/core/catalogs/system-owner.ts";
import { catalogPrefix } from "../common/core/catalogs/upload-object.ts";
import { isoTime } from "../common/core/clock.ts";
import { wantsVariations } from "../common/core/contract/events/product-enrichment-requested.ts";
import { ConflictError, TransientError } from "../common/core/errors.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { newRun, trackingId } from "../common/core/runs/run.ts";
import { dispatchNow } from "../common/services/dispatch/dispatch-now.ts";
import { CatalogWriter, type WrittenCatalog } from "../common/services/ingest/catalog-writer.ts";
import type { Deps } from "./deps.ts";
import type { ReadableRequest } from "./request-message.ts";

/** What the rows of such a catalog hold, as the columns of an upload do. */
const COLUMNS = ["asin", "region", "request_id"];

/**
 * Begins the work on requests: one catalog with its run, committed together with the claims of the requests, so that each is
 * enriched once. The main line does the rest.
 * @param requests one or more; each product once, with the same wish for variations
 * @throws TransientError when nothing was begun; the requests come again, and those that were accepted are dropped then
 */
export const beginCatalog = async (deps: Deps, requests: readonly ReadableRequest[]): Promise<void> => {
  const nowMs = deps.clock.now();
  const catalogId = newCatalogId(nowMs, (length) => deps.newId().slice(0, length));
  const sink = deps.openSink(catalogPrefix(catalogId));
  const written = await write(new CatalogWriter(sink), requests).catch(async (error: unknown) => {
    await sink.abort();
    throw error;
  });
  const catalog = catalogRow(catalogId, requests, written, isoTime(nowMs));
  const run = newRun(catalog, {
    tracking_id: trackingId(catalogId, nowMs),
    options: {
      ...{ provider: null, fallback: true, force: false, refresh_daily: false, batch_size: DEFAULT_BATCH_SIZE },
      include_variations: requests.some(wantsVariations),
    },
    // One line of the log is about all of them.
    correlation_id: requests.length === 1 ? (requests[0]?.correlation_id ?? deps.newId()) : deps.newId(),
    now: isoTime(nowMs),
  });
  const claims = requests.map((request) => deps.claims.writeOf(request, catalogId, nowMs));
  try {
    await deps.catalogs.create(catalog, run, claims);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    // Surely not written: nothing names the objects.
    await sink.abort();
    throw new TransientError(error.message, { retryAfterSeconds: 1, cause: error });
  }
  deps.meter.count(METRICS.REQUESTS_ACCEPTED, requests.length);
  deps.log.info("requests are accepted", {
    ...{ catalog_id: catalogId, tracking_id: run.batch_id, correlation_id: run.correlation_id },
    request_ids: requests.map(({ request_id }) => request_id),
  });
  await dispatchNow(run, (one) => deps.dispatcher.topUp([one]), deps.log);
};

const write = async (writer: CatalogWriter, requests: readonly ReadableRequest[]): Promise<WrittenCatalog> => {
  for (const [index, { asin, region, request_id, retry_count, correlation_id }] of requests.entries()) {
    writer.accept({
      ...{ line: index + 1, cells: [asin, region, request_id], marketplace: region, asin, sku: "" },
      ...{ repaired: false, isDuplicate: false, request: { id: request_id, retry_count, correlation_id } },
    });
  }
  return writer.close();
};

const catalogRow = (
  catalogId: string,
  requests: readonly ReadableRequest[],
  { segments, rows_key, rejects_key }: WrittenCatalog,
  now: string,
): CatalogRow => ({
  catalog_id: catalogId,
  batch_id: "catalog",
  row_type: "catalog",
  user_id: EVENT_SYSTEM,
  created_at: now,
  name: `Requests of ${now}`,
  marketplace: requests[0]?.region ?? "",
  state: "ready",
  rows: { total: requests.length, valid: requests.length, duplicates: 0, rejected: 0, blank: 0, repaired: 0 },
  ...{ segments, rows_key, rejects_key, columns: COLUMNS },
  // Nobody uploads the same content twice here: requests are told apart by their claims.
  content_hash: null,
  tracking_id: null,
  failure: null,
  deleted_at: null,
});
