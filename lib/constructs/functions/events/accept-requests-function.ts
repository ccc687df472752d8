import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/accept-requests/env.ts";
import type { StageBus } from "../../events/stage-bus.ts";
import type { QueueWithDlq } from "../../queues/queue-with-dlq.ts";
import { ServiceFunction } from "../../service-function.ts";
import { dispatchEnvironment, grantDispatch } from "../catalogs/dispatching.ts";
import type { FunctionContext } from "../function-context.ts";

/** Ten requests take about a second; the rest is for tables that answer late. */
export const ACCEPT_TIMEOUT_SECONDS = 60;

/** What `accept-requests` is built on. */
export interface AcceptRequestsContext extends FunctionContext {
  readonly bus: StageBus;
  readonly requests: QueueWithDlq;
}

/** `accept-requests`: begins what events ask for. */
export class AcceptRequestsFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, context: AcceptRequestsContext) {
    const { config, alarms, data, bus, requests } = context;
    super(scope, id, {
      config,
      alarms,
      room: "accept-requests",
      envSchema: EnvSchema,
      timeoutSeconds: ACCEPT_TIMEOUT_SECONDS,
      impact: "Products that other systems ask for by events are not enriched; the requests wait in the queue.",
      environment: {
        ...dispatchEnvironment(context),
        REQUESTS_QUEUE_URL: requests.queue.queueUrl,
        EVENT_BUS_NAME: bus.name,
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
      },
    });
    // It sends the first batches itself, which reads open runs and writes batch rows.
    grantDispatch(this, context);
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.operations.grant(this, ["BatchGetItem", "PutItem"]);
    data.bucket.grantRead(this, "catalogs");
    data.bucket.grantWrite(this, "catalogs");
    data.bucket.grantAbort(this, "catalogs");
    // Requests that another worker was faster with leave nothing behind.
    data.bucket.grantDelete(this, "catalogs");
    bus.grantPut(this);
  }
}
