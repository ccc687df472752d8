import { idIn } from "../common/core/access/access-secret.ts";
import { type ApiKeyRow, keyStateOf } from "../common/core/access/api-key.ts";
import type { AuthorizerContext } from "../common/core/access/authorizer-context.ts";
import { errorWords } from "../common/core/error-words.ts";
import { isSecret } from "../common/platform/access/access-secrets.ts";
import type { Deps } from "./deps.ts";

/** How exact the last use of a key is kept, milliseconds: at most one write in this time. */
const USE_NOTED_MS = 5 * 60_000;

const NOBODY: AuthorizerContext = { via: "nobody", reason: "key" };

/**
 * Says whom a key acts for. Its owner must still be there and may sign in; what only operators may do needs the scope `operate`
 * and the owner in the group now, not when the key was made.
 * @throws TransientError
 */
export const authorizeKey = async (deps: Deps, secret: string): Promise<AuthorizerContext> => {
  const keyId = idIn("key", secret);
  const row = keyId === undefined ? undefined : await deps.keys.get(keyId);
  const nowMs = deps.clock.now();
  if (!row || !isSecret(secret, row.secret_hash)) return NOBODY;
  const state = keyStateOf(row, nowMs);
  const isThere = state === "active" && (await deps.users.isThere(row.username, row.user_id));
  if (!isThere) {
    deps.log.warn("a key was refused", { key_id: row.key_id, user_id: row.user_id, state, owner_is_there: isThere });
    return NOBODY;
  }
  const groups = row.scopes.includes("operate") ? await deps.users.groupsOf(row.username) : [];
  await noteUse(deps, row, nowMs);
  return {
    ...{ via: "key", user_id: row.user_id, username: row.username, key_id: row.key_id },
    ...{ scopes: row.scopes.join(" "), groups: groups.join(" "), valid_until: row.valid_until ?? "" },
  };
};

/** The last use is for people to look at, so a request never fails for it. */
const noteUse = async (deps: Deps, row: ApiKeyRow, nowMs: number): Promise<void> => {
  if (row.last_used_at !== undefined && nowMs - Date.parse(row.last_used_at) < USE_NOTED_MS) return;
  try {
    await deps.keys.noteUse(row.key_id, nowMs);
  } catch (error) {
    deps.log.warn("the use of a key was not noted", { key_id: row.key_id, error: errorWords(error) });
  }
};
