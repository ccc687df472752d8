import type { BatchMessage } from "./batch-message.ts";
import type { BatchRow } from "./batch-row.ts";

/** The message for a batch row: its pending products, or all of them when none is pending. */
export const batchMessageFor = (row: BatchRow): BatchMessage => {
  const pending = row.items.filter((item) => item.state === "pending");
  return {
    version: 1,
    catalog_id: row.catalog_id,
    tracking_id: row.tracking_id,
    batch_id: row.batch_id,
    generation: row.generation,
    user_id: row.owner_id,
    marketplace: row.marketplace,
    products: (pending.length > 0 ? pending : row.items).map(({ asin, sku }) =>
      sku === undefined ? { asin } : { asin, sku },
    ),
    correlation_id: row.correlation_id,
  };
};
