import { createDocumentClient, createS3Client, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import type { ContentEnds } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { BatchRangeReader } from "../common/adapters/dynamodb/enrichment-status/batch-range-reader.ts";
import { ExportStore } from "../common/adapters/dynamodb/operations/export-store.ts";
import { ExportObjects } from "../common/adapters/s3/exports/export-objects.ts";
import { ExportQueue } from "../common/adapters/sqs/export-queue.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { BatchRow } from "../common/core/batches/batch-row.ts";
import type { ExportMessage } from "../common/core/exports/export-message.ts";
import type { RevokedSources } from "../common/core/licences/revocations/without-revoked.ts";
import type { Product } from "../common/core/products/product.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import { buildCatalogStores, type CatalogStores } from "../common/services/wiring/catalogs/catalog-stores.ts";
import { buildCountViews } from "../common/services/wiring/products/count-views.ts";
import { buildProductReader, type Licensed } from "../common/services/wiring/products/product-store.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** Objects as this room reads and writes them. */
export type Objects = Pick<
  ExportObjects,
  "readRange" | "read" | "put" | "remove" | "startUpload" | "uploadPart" | "completeUpload"
>;

/** What `export-catalog` works with. */
export interface Deps extends WorkerContext, Pick<Licensed<unknown>, "licences"> {
  /** Sources whose content may not be given out at all. */
  readonly revoked: () => Promise<RevokedSources>;
  /** Where it is noted when an export ends. */
  readonly ends: Pick<ContentEnds, "note">;
  readonly exports: Pick<ExportStore, "claim" | "saveCheckpoint" | "restart" | "release" | "finish" | "fail">;
  readonly objects: Objects;
  readonly catalogs: Pick<CatalogStores["catalogs"], "getCatalog">;
  readonly runs: Pick<CatalogStores["runs"], "getRun">;
  /** Batches by number, both ends included. */
  readonly batches: { read(catalogId: string, trackingId: string, from: number, to: number): Promise<BatchRow[]> };
  readonly products: { getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Product>> };
  /** Sends a message that is delivered after so many seconds, 900 at most. */
  readonly queue: { send(message: ExportMessage, delaySeconds: number): Promise<void> };
  /** The queue that this function reads. */
  readonly ownQueue: ConsumedQueue;
  readonly maxReceiveCount: number;
  /** Bytes gathered for each of the first parts; S3 takes 5 MiB or more. */
  readonly partBytes: number;
}

const PART_BYTES = 8 * 1024 * 1024;
/** Of the products of exports, one in so many is counted as read, with as much weight: a million rows must not cost a million writes. */
const VIEWS_ONE_IN = 10;

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const sqs = createSqsClient();
  const context = buildWorkerContext(env);
  const { products, licences, revoked, ends } = buildProductReader(env, { documents, ...context });
  const countViews = buildCountViews(env, { documents, ...context }, VIEWS_ONE_IN);
  return {
    ...context,
    ...buildCatalogStores(env, { documents }),
    ends,
    exports: new ExportStore(documents, env.OPERATIONS_TABLE_NAME),
    objects: new ExportObjects(createS3Client(), env.BUCKET_NAME),
    batches: new BatchRangeReader(documents, env.STATUS_TABLE_NAME),
    licences,
    revoked,
    // An export asked for at the end of a run must show what that run just wrote.
    products: {
      getMany: async (keys) => {
        const [found] = await Promise.all([products.getMany(keys, { consistent: true }), countViews(keys)]);
        return found;
      },
    },
    queue: new ExportQueue(sqs, env.EXPORTS_QUEUE_URL),
    ownQueue: new SqsConsumedQueue(sqs, env.EXPORTS_QUEUE_URL),
    maxReceiveCount: env.MAX_RECEIVE_COUNT,
    partBytes: PART_BYTES,
  };
};
