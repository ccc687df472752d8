import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/broadcast-changes/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { LiveFunctionProps } from "./live-connections-function.ts";

/** A batch of changes is sent within a second or two; the rest is for an API Gateway that answers slowly. */
const TIMEOUT_SECONDS = 30;

/** `broadcast-changes`: sends changes of tables to the connections that listen. */
export class BroadcastChangesFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, live }: LiveFunctionProps) {
    super(scope, id, {
      config,
      alarms,
      room: "broadcast-changes",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
      impact: "Live updates are late or missing; clients see changes by polling.",
      environment: {
        LIVE_TABLE_NAME: data.liveConnections.table.tableName,
        CONNECTIONS_ADDRESS: live.connectionsAddress,
      },
    });
    data.liveConnections.grant(this, ["BatchGetItem", "Query", "UpdateItem", "DeleteItem"]);
    live.grantManage(this);
  }
}
