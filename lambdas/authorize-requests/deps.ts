import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import { PresentUsers } from "../common/adapters/cognito/present-users.ts";
import { TokenVerifier } from "../common/adapters/cognito/token-verifier.ts";
import { createCognitoClient, UserDirectory } from "../common/adapters/cognito/user-directory.ts";
import { ApiKeys } from "../common/adapters/dynamodb/access/api-keys.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `authorize-requests` works with. */
export interface Deps extends Pick<WorkerContext, "clock" | "log"> {
  readonly tokens: Pick<TokenVerifier, "ownerOf">;
  readonly keys: Pick<ApiKeys, "get" | "noteUse">;
  readonly users: Pick<UserDirectory, "isThere" | "groupsOf">;
  readonly present: Pick<PresentUsers, "isPresent">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const { clock, log } = buildWorkerContext(env);
  const users = new UserDirectory(createCognitoClient(), env.USER_POOL_ID);
  return {
    ...{ clock, log, users },
    present: new PresentUsers(users, clock),
    tokens: new TokenVerifier({
      userPoolId: env.USER_POOL_ID,
      clientId: env.USER_POOL_CLIENT_ID,
      jwksAddress: env.JWKS_ADDRESS,
    }),
    keys: new ApiKeys(createDocumentClient(), env.ACCESS_TABLE_NAME),
  };
};
