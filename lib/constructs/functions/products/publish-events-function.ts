import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/publish-events/env.ts";
import type { StageBus } from "../../events/stage-bus.ts";
import type { QueueWithDlq } from "../../queues/queue-with-dlq.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext } from "../function-context.ts";

/** A batch of a hundred products takes about a second. */
const TIMEOUT_SECONDS = 60;

/** What `publish-events` is built on. */
export interface PublishEventsContext extends Pick<FunctionContext, "config" | "alarms" | "data"> {
  readonly bus: StageBus;
  /** Gets runs that webhooks tell of; undefined where the stage has none. */
  readonly webhooksQueue: QueueWithDlq | undefined;
}

/** `publish-events`: what changed in products and what ended, recorded and put on the bus after the commit. */
export class PublishEventsFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, bus, webhooksQueue }: PublishEventsContext) {
    super(scope, id, {
      config,
      alarms,
      room: "publish-events",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
      impact: "Events and changes of prices, availability and titles are late; runs and products are not held up.",
      environment: {
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        HISTORY_TABLE_NAME: data.productHistory.table.tableName,
        FAILURES_TABLE_NAME: data.failures.table.tableName,
        EVENT_BUS_NAME: bus.name,
        WEBHOOKS_QUEUE_URL: webhooksQueue?.queue.queueUrl ?? "off",
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
      },
    });
    data.products.grant(this, ["BatchGetItem"]);
    data.contentEnds.grant(this, ["Query"]);
    data.productHistory.grant(this, ["BatchGetItem", "PutItem"]);
    data.failures.grant(this, ["BatchGetItem"]);
    bus.grantPut(this);
    webhooksQueue?.grantSend(this);
  }
}
