import type { DataTable } from "../../data/data-table.ts";
import { type FunctionContext, sourcesJson } from "../function-context.ts";

type Grantee = Parameters<DataTable["grant"]>[0];

/** Variables of a function that sends batches. */
export const dispatchEnvironment = ({ config, data, queues }: FunctionContext) => ({
  STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
  FAILURES_TABLE_NAME: data.failures.table.tableName,
  BUCKET_NAME: data.bucket.bucket.bucketName,
  ENRICH_QUEUE_URL: queues.enrich.queue.queueUrl,
  EXPRESS_QUEUE_URL: queues.express.queue.queueUrl,
  SOURCES: sourcesJson(config),
  DISPATCH_WINDOW_SECONDS: String(config.dispatch_window_seconds),
});

/** Lets a function send batches: it reads open runs, writes batch rows and their run, and sends to the consumers' queues. */
export const grantDispatch = (to: Grantee, { data, queues }: FunctionContext): void => {
  data.enrichmentStatus.grant(to, ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"]);
  data.enrichmentStatus.grantQuery(to, "open-runs");
  // Products of a batch that the table refuses fail at once.
  data.failures.grant(to, ["UpdateItem"]);
  queues.enrich.grantSend(to);
  queues.express.grantSend(to);
};
