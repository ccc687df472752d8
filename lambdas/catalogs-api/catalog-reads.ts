import type { ProductReader } from "../common/adapters/dynamodb/products/product-reader.ts";
import { RejectedReader } from "../common/adapters/s3/rejected-reader.ts";
import { SegmentReader } from "../common/adapters/s3/segment-reader.ts";
import type { ProductRows } from "../common/services/dispatch/dispatcher.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import {
  buildProductReader,
  type Licensed,
  type ProductReaderEnv,
  type ProductStoreParts,
} from "../common/services/wiring/products/product-store.ts";
import { buildFeeds, type FeedDeps } from "./feeds.ts";

/** Reads `count` accepted rows of a segment from row `from` (0-based) on. */
export type ReadProductRows = ProductRows["read"];

/** What the routes read of a catalog beside its rows in the status table. */
export interface CatalogReads extends FeedDeps, Pick<Licensed<ProductReader>, "licences" | "revoked"> {
  readonly products: { getMany(keys: readonly string[]): ReturnType<ProductReader["getMany"]> };
  /** Rejected rows from `offset` (bytes) on, at most `limit`; `next` is absent at the end. */
  readonly readRejected: RejectedReader["read"];
  readonly readProductRows: ReadProductRows;
}

/** Builds what reads stored products and the files of catalogs. */
export const buildCatalogReads = (
  env: ProductReaderEnv & {
    readonly BUCKET_NAME: string;
    readonly ACCESS_TABLE_NAME: string;
    readonly USER_POOL_ID: string;
  },
  parts: ProductStoreParts & Pick<Clients, "s3">,
): CatalogReads => {
  const segments = new SegmentReader(parts.s3, env.BUCKET_NAME);
  const rejected = new RejectedReader(parts.s3, env.BUCKET_NAME);
  return {
    ...buildProductReader(env, parts),
    ...buildFeeds(env, parts),
    readRejected: (key, offset, limit) => rejected.read(key, offset, limit),
    readProductRows: (segment, from, count) => segments.read(segment, from, count),
  };
};
