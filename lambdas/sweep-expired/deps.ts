import { createDocumentClient, createS3Client } from "../common/adapters/aws/aws-clients.ts";
import type { ContentCountStore } from "../common/adapters/dynamodb/content-ends/content-counts.ts";
import type { ContentEnds } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import type { Revocations } from "../common/adapters/dynamodb/content-ends/revocations.ts";
import type { SweptCounts } from "../common/adapters/dynamodb/content-ends/swept-counts.ts";
import { ExportStore } from "../common/adapters/dynamodb/operations/export-store.ts";
import { ProductHistory } from "../common/adapters/dynamodb/product-history/product-history.ts";
import { EndedProducts } from "../common/adapters/dynamodb/products/ended-products.ts";
import { EndedObjects } from "../common/adapters/s3/ended-objects.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import { buildLicences } from "../common/services/wiring/products/licences.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `sweep-expired` works with. */
export interface Deps extends Pick<WorkerContext, "clock" | "log" | "newId"> {
  readonly licences: LicenceBook;
  readonly ends: Pick<ContentEnds, "list" | "readSweep" | "saveSweep">;
  readonly products: Pick<EndedProducts, "sweep" | "readKeys" | "readOrigins">;
  readonly history: Pick<ProductHistory, "removeSource">;
  readonly objects: Pick<EndedObjects, "removeRaw" | "remove" | "removeBeside" | "listPage" | "removeAll">;
  readonly exports: Pick<ExportStore, "get" | "noteRevoked">;
  readonly revocations: Pick<Revocations, "list" | "get" | "advance">;
  readonly counts: Pick<ContentCountStore, "read" | "save">;
  readonly swept: Pick<SweptCounts, "add">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const { clock, log, newId } = buildWorkerContext(env);
  const { licences, ends, revocations, counts, swept } = buildLicences(env, { documents, clock });
  return {
    products: new EndedProducts(documents, env.PRODUCTS_TABLE_NAME, { licences, clock }),
    history: new ProductHistory(documents, env.HISTORY_TABLE_NAME),
    exports: new ExportStore(documents, env.OPERATIONS_TABLE_NAME),
    objects: new EndedObjects(createS3Client(), env.BUCKET_NAME),
    ...{ revocations, licences, ends, counts, swept, clock, log, newId },
  };
};
