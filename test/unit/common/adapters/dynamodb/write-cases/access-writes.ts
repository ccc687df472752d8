import { ApiKeys } from "../../../../../../lambdas/common/adapters/dynamodb/access/api-keys.ts";
import { CallCounts } from "../../../../../../lambdas/common/adapters/dynamodb/access/call-counts.ts";
import { Feeds } from "../../../../../../lambdas/common/adapters/dynamodb/access/feeds.ts";
import { aFeed } from "../../../../../helpers/access/a-feed.ts";
import { aKey } from "../../../../../helpers/access/api-keys.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import type { WriteCases } from "./write-case.ts";

const { row } = aKey();
const { row: feed } = aFeed();

/** Writes of keys, of feeds and of their calls. */
export const ACCESS_WRITES: WriteCases = {
  "access/api-keys.ts": {
    create: { write: (c) => new ApiKeys(c, "access").create(row, NOON) },
    revoke: {
      seeds: {
        access: [row, { access_key: "keys#anna", version: 1, active: [{ key_id: row.key_id, valid_until: null }] }],
      },
      write: (c) => new ApiKeys(c, "access").revoke(row.key_id, row.user_id, NOON),
    },
    noteUse: { seeds: { access: [row] }, write: (c) => new ApiKeys(c, "access").noteUse(row.key_id, NOON) },
  },
  "access/feeds.ts": {
    create: { write: (c) => new Feeds(c, "access").create(feed) },
    revoke: {
      seeds: { access: [feed] },
      write: (c) => new Feeds(c, "access").revoke(feed.feed_id, feed.catalog_id, NOON),
    },
  },
  "access/call-counts.ts": {
    take: { write: (c) => new CallCounts(c, "access", { calls: 3, windowMs: 1_000 }).take(row.key_id, NOON) },
  },
};
