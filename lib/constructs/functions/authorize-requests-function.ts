import type { Construct } from "constructs";
import { EnvSchema } from "../../../lambdas/authorize-requests/env.ts";
import { ServiceFunction } from "../service-function.ts";
import type { FunctionContext } from "./function-context.ts";

/** API Gateway waits for an authorizer for ten seconds at most. */
const TIMEOUT_SECONDS = 10;

/** `authorize-requests`: says who a request comes from, a person by a token or a program by a key. */
export class AuthorizeRequestsFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(
    scope: Construct,
    id: string,
    { config, alarms, data }: Pick<FunctionContext, "config" | "alarms" | "data">,
  ) {
    const { pool, client } = data.users;
    const keysPath = "/.well-known/jwks.json";
    super(scope, id, {
      config,
      alarms,
      room: "authorize-requests",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
      impact: "Nobody gets in: every call that asks for a token or a key is answered with 500.",
      environment: {
        ACCESS_TABLE_NAME: data.access.table.tableName,
        USER_POOL_ID: pool.userPoolId,
        USER_POOL_CLIENT_ID: client.userPoolClientId,
        // On stage local the emulator has the keys, whose own address nobody knows before it runs.
        JWKS_ADDRESS: config.disposable ? `/${pool.userPoolId}${keysPath}` : `${pool.userPoolProviderUrl}${keysPath}`,
      },
    });
    data.access.grant(this, ["GetItem", "UpdateItem"]);
    this.allow(["cognito-idp:AdminGetUser", "cognito-idp:AdminListGroupsForUser"], pool.userPoolArn);
  }
}
