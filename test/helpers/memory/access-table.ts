import type { MemoryTable } from "./memory-dynamo.ts";

/** The table `access` with its index. */
export const ACCESS_TABLE: MemoryTable = {
  keys: ["access_key"],
  indexes: { "by-owner": ["owner_key", "created_at"] },
};
