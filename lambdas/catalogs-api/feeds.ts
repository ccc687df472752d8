import type { PresentUsers } from "../common/adapters/cognito/present-users.ts";
import { CallCounts } from "../common/adapters/dynamodb/access/call-counts.ts";
import { Feeds } from "../common/adapters/dynamodb/access/feeds.ts";
import { FEED_LIMIT } from "../common/core/access/call-limits.ts";
import type { Clock } from "../common/core/clock.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import { buildPresentUsers } from "../common/services/wiring/present-users.ts";

/** What the routes of feeds need. */
export interface FeedDeps {
  readonly feeds: Pick<Feeds, "get" | "list" | "create" | "revoke">;
  /** Holds each feed to its fetches a minute. */
  readonly feedCalls: Pick<CallCounts, "take">;
  /** Whose feeds may be read. */
  readonly owners: Pick<PresentUsers, "isPresent">;
}

/** Builds the feeds of catalogs. */
export const buildFeeds = (
  env: { readonly ACCESS_TABLE_NAME: string; readonly USER_POOL_ID: string },
  { documents, clock }: Pick<Clients, "documents"> & { readonly clock: Pick<Clock, "now"> },
): FeedDeps => ({
  feeds: new Feeds(documents, env.ACCESS_TABLE_NAME),
  feedCalls: new CallCounts(documents, env.ACCESS_TABLE_NAME, FEED_LIMIT),
  owners: buildPresentUsers(env, clock),
});
