import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/live-connections/env.ts";
import type { LiveGateway } from "../../live-gateway.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";
import { HTTP_TIMEOUT_SECONDS } from "../http-timeout.ts";

export interface LiveFunctionProps extends Pick<FunctionContext, "config" | "alarms" | "data"> {
  readonly live: LiveGateway;
}

/** `live-connections`: opens, answers, closes and counts WebSocket connections. */
export class LiveConnectionsFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, live }: LiveFunctionProps) {
    super(scope, id, {
      config,
      alarms,
      room: "live-connections",
      envSchema: EnvSchema,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      impact: "Nobody can listen for live updates; clients poll instead.",
      environment: {
        USER_POOL_ID: data.users.pool.userPoolId,
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        LIVE_TABLE_NAME: data.liveConnections.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        CONNECTIONS_ADDRESS: live.connectionsAddress,
        ALLOWED_ORIGINS: config.allowed_origins.join(" "),
      },
    });
    data.enrichmentStatus.grant(this, ["BatchGetItem", "GetItem"]);
    // Scan: the count of connections, once a minute.
    data.liveConnections.grant(this, ["BatchGetItem", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Scan"]);
    // A ticket is used up by its deletion.
    data.operations.grant(this, ["DeleteItem"]);
    this.allow(["cognito-idp:ListUsers"], data.users.pool.userPoolArn);
    live.grantManage(this);
  }
}
