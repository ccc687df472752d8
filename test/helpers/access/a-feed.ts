import { accessKey, ownerKey } from "../../../lambdas/common/core/access/access-row.ts";
import type { FeedRow } from "../../../lambdas/common/core/access/feed.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { newSecret } from "../../../lambdas/common/platform/access/access-secrets.ts";
import { NOON } from "../rows.ts";

/** A public feed of a catalog of Anna's, with its token. */
export const aFeed = (changes: Partial<FeedRow> = {}): { readonly row: FeedRow; readonly token: string } => {
  const { feed_id = "feed_0123456789abcdef", catalog_id = "cat_0123456789abcdef" } = changes;
  const { secret, hash } = newSecret("feed", feed_id);
  const row: FeedRow = {
    access_key: accessKey("feed", feed_id),
    owner_key: ownerKey("feed", catalog_id),
    created_at: isoTime(NOON),
    ...{ feed_id, catalog_id, user_id: "anna", name: "price sheet", fields: "public", secret_hash: hash },
    ...changes,
  };
  return { row, token: secret };
};
