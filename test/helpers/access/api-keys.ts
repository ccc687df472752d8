import { accessKey, ownerKey } from "../../../lambdas/common/core/access/access-row.ts";
import type { ApiKeyRow } from "../../../lambdas/common/core/access/api-key.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { newSecret } from "../../../lambdas/common/platform/access/access-secrets.ts";
import { NOON } from "../rows.ts";

/** A key of Anna's that may read, with its secret. */
export const aKey = (changes: Partial<ApiKeyRow> = {}): { readonly row: ApiKeyRow; readonly secret: string } => {
  const { key_id = "key_0123456789abcdef", user_id = "anna" } = changes;
  const { secret, hash } = newSecret("key", key_id);
  const row: ApiKeyRow = {
    access_key: accessKey("key", key_id),
    owner_key: ownerKey("key", user_id),
    created_at: isoTime(NOON),
    ...{ key_id, user_id, username: `${user_id}@example.com`, name: "nightly", scopes: ["read"] },
    ...{ secret_hash: hash, valid_until: null },
    ...changes,
  };
  return { row, secret };
};
