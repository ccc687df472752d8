/** What the functions of a run are deployed with: names of tables, of the bucket and of queues, all in memory. */
export const LIFECYCLE_ENV = {
  STAGE: "test",
  STATUS_TABLE_NAME: "status",
  FAILURES_TABLE_NAME: "failures",
  LIMITS_TABLE_NAME: "limits",
  BUCKET_NAME: "files",
  ENRICH_QUEUE_URL: "bulk",
  EXPRESS_QUEUE_URL: "express",
  SOURCES: [],
  DISPATCH_WINDOW_SECONDS: 60,
};

/** Keys and indexes of those tables. */
export const LIFECYCLE_TABLES = {
  status: {
    keys: ["catalog_id", "batch_id"],
    indexes: {
      "by-user": ["user_id", "created_at"],
      "open-runs": ["open_shard", "created_at"],
      "due-batches": ["due_shard", "due_at"],
      "failing-runs": ["failing_owner_id", "created_at"],
    },
  },
  failures: {
    keys: ["tracking_id", "product_key"],
    indexes: { "by-code": ["error_code", "failed_at"] },
  },
  limits: { keys: ["limit_key"] },
} as const;
