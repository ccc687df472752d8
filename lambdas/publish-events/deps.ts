import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import { ProductHistory } from "../common/adapters/dynamodb/product-history/product-history.ts";
import type { ProductReader } from "../common/adapters/dynamodb/products/product-reader.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import { buildProductReader } from "../common/services/wiring/products/product-store.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { ChangeSink } from "./change-sink.ts";
import type { Env } from "./env.ts";
import { recordHistory } from "./record-history.ts";

/** What `publish-events` works with. */
export interface Deps extends Pick<WorkerContext, "log"> {
  readonly products: Pick<ProductReader, "getMany">;
  readonly licences: LicenceBook;
  readonly history: Pick<ProductHistory, "latest">;
  /** In the order in which they take changes; the history is the last. */
  readonly sinks: readonly ChangeSink[];
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const { clock, log } = buildWorkerContext(env);
  const history = new ProductHistory(documents, env.HISTORY_TABLE_NAME);
  const { products, licences } = buildProductReader(env, { documents, clock, log });
  return { products, licences, history, sinks: [recordHistory(history)], log };
};
