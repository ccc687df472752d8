import type { Construct } from "constructs";
import { EnvSchema } from "../../../lambdas/deliver-webhooks/env.ts";
import { type FunctionContext, userAgent } from "../functions/function-context.ts";
import type { QueueWithDlq } from "../queues/queue-with-dlq.ts";
import { ServiceFunction } from "../service-function.ts";

/** A call to an endpoint takes 10 s at most, and products wait up to 3 s for their pace. */
const LONGEST_ATTEMPT_SECONDS = 13;
/**
 * Messages of an invocation. They are worked on at the same time, but those that were received three times run one after the other:
 * so many of them end within the time limit, and none is cut off each time until it lies in the DLQ.
 */
export const MESSAGES_PER_INVOCATION = 4;
/** Time for the rows of an invocation. */
const ROWS_SECONDS = 8;
export const DELIVER_TIMEOUT_SECONDS = MESSAGES_PER_INVOCATION * LONGEST_ATTEMPT_SECONDS + ROWS_SECONDS;

/** What `deliver-webhooks` is built on. */
export interface DeliverWebhooksContext extends Pick<FunctionContext, "config" | "alarms" | "data"> {
  /** Its queue. */
  readonly queue: QueueWithDlq;
}

/** `deliver-webhooks`: makes deliveries of what happened, and sends them to their endpoints. */
export class DeliverWebhooksFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, queue }: DeliverWebhooksContext) {
    super(scope, id, {
      config,
      alarms,
      room: "deliver-webhooks",
      envSchema: EnvSchema,
      timeoutSeconds: DELIVER_TIMEOUT_SECONDS,
      impact: "Webhooks come late; every delivery waits in its row.",
      environment: {
        WEBHOOKS_TABLE_NAME: data.webhooks.table.tableName,
        USER_POOL_ID: data.users.pool.userPoolId,
        WEBHOOKS_QUEUE_URL: queue.queue.queueUrl,
        WEBHOOK_KEY_ARN: data.webhookKey.arn,
        WEBHOOK_ALLOWED_ADDRESSES: JSON.stringify(config.webhook_allowed_addresses),
        USER_AGENT: userAgent(config),
      },
    });
    // The only data that it may read, beside who is still a user: it calls strangers.
    data.webhooks.grant(this, ["GetItem", "PutItem", "UpdateItem"]);
    data.webhooks.grantQuery(this, "due-deliveries");
    data.webhookKey.grantRead(this);
    this.allow(["cognito-idp:ListUsers"], data.users.pool.userPoolArn);
    queue.grantSend(this);
  }
}
