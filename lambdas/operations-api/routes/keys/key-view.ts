import { type ApiKeyRow, keyStateOf } from "../../../common/core/access/api-key.ts";
import type { Key } from "../../../common/core/contract/access/keys.ts";

/** The answer about a key, without its hash. */
export const keyView = (row: ApiKeyRow, nowMs: number): Key => ({
  key_id: row.key_id,
  name: row.name,
  scopes: row.scopes,
  state: keyStateOf(row, nowMs),
  valid_until: row.valid_until,
  created_at: row.created_at,
  last_used_at: row.last_used_at ?? null,
  revoked_at: row.revoked_at ?? null,
});
