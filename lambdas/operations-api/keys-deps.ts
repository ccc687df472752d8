import { ApiKeys } from "../common/adapters/dynamodb/access/api-keys.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import { buildKeyCalls, type KeyCallsEnv, type KeyDeps } from "../common/services/wiring/key-calls.ts";

/** What the routes of keys need. */
export interface KeysDeps extends KeyDeps {
  readonly keys: Pick<ApiKeys, "create" | "list" | "revoke">;
}

/** Builds the keys, and what counts calls with them. */
export const buildKeysDeps = (env: KeyCallsEnv, { documents }: Pick<Clients, "documents">): KeysDeps => ({
  ...buildKeyCalls(env, { documents }),
  keys: new ApiKeys(documents, env.ACCESS_TABLE_NAME),
});
