import { MAX_FUNCTION_SECONDS } from "../../lambdas/common/core/base-env.ts";
import type { TableShape } from "./memory/memory-table.ts";

/** Stage settings: workers and time limits as stage `local` has them at 50 calls a second. */
export const WORKERS = { bulk: 10, express: 10, ingest: 4 };
export const FUNCTION_TIMEOUT_MS = 60_000;
export const INGEST_TIMEOUT_MS = MAX_FUNCTION_SECONDS * 1_000;
export const VISIBILITY_MS = 90_000;
export const MESSAGES_PER_INVOCATION = 10;

/** Tables and indexes with the keys of the deployed ones. */
export const TABLES: Readonly<Record<string, TableShape>> = {
  status: {
    keys: ["catalog_id", "batch_id"],
    indexes: {
      "by-user": ["user_id", "created_at"],
      "open-runs": ["open_shard", "created_at"],
      "due-batches": ["due_shard", "due_at"],
    },
  },
  products: {
    keys: ["product_key"],
    indexes: { "refresh-bucket": ["refresh_bucket", "product_key"] },
    sizesOnly: true,
  },
  failures: { keys: ["tracking_id", "product_key"], indexes: { "by-code": ["error_code", "failed_at"] } },
  limits: { keys: ["limit_key"] },
  operations: { keys: ["operation_key"] },
  "content-ends": { keys: ["ends_hour", "ends_at_id"] },
  marketplaces: { keys: ["code"] },
  access: { keys: ["access_key"] },
};

export const QUEUES = {
  ENRICH_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/000000000000/enrich",
  EXPRESS_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/000000000000/enrich-express",
  INGEST_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/000000000000/ingest",
  EXPORTS_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/000000000000/exports",
};

/** Environment of every function; what one does not know it leaves. */
export const envOf = (rate: number): Record<string, string> => ({
  ...QUEUES,
  STAGE: "local",
  LOG_LEVEL: "INFO",
  POWERTOOLS_SERVICE_NAME: "bench",
  STATUS_TABLE_NAME: "status",
  PRODUCTS_TABLE_NAME: "products",
  CONTENT_ENDS_TABLE_NAME: "content-ends",
  USER_AGENT: "Enrichline/bench",
  LICENCE_ACKNOWLEDGEMENTS: "{}",
  ACCESS_TABLE_NAME: "access",
  DAILY_REFRESH: "true",
  MARKETPLACES_TABLE_NAME: "marketplaces",
  FAILURES_TABLE_NAME: "failures",
  LIMITS_TABLE_NAME: "limits",
  OPERATIONS_TABLE_NAME: "operations",
  BUCKET_NAME: "bucket",
  SECRET_PREFIX: "bench",
  CURSOR_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:000000000000:secret:bench/cursors",
  BATCH_SIZE: "20",
  DISPATCH_WINDOW_SECONDS: "15",
  UPSTREAM_TIMEOUT_MS: "30000",
  FUNCTION_TIMEOUT_SECONDS: String(FUNCTION_TIMEOUT_MS / 1_000),
  MAX_READINGS_PER_USER: "2",
  PRIORITY: "bulk",
  PRODUCT_EVENTS: "all",
  SOURCES: JSON.stringify([
    {
      id: "creators-api",
      calls_per_second: rate,
      units_per_day: 10_000_000,
      endpoints: { api: "https://upstream.example", token: "https://upstream.example/token" },
    },
  ]),
});
