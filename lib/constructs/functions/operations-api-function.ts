import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { EnvSchema } from "../../../lambdas/operations-api/env.ts";
import type { CursorSecret } from "../cursor-secret.ts";
import type { QueueWithDlq } from "../queues/queue-with-dlq.ts";
import { ServiceFunction } from "../service-function.ts";
import { acknowledgementsJson, type FunctionContext, sourcesJson, userAgent } from "./function-context.ts";
import { HTTP_TIMEOUT_SECONDS } from "./http-timeout.ts";

/** What `operations-api` is built on. */
export interface OperationsApiContext extends FunctionContext {
  readonly cursorSecret: CursorSecret;
  /** Deliveries of webhooks; undefined where the stage has none. */
  readonly webhooksQueue: QueueWithDlq | undefined;
  /** Plans the refresh when an operator asks; undefined where the stage has none. */
  readonly planRefresh: IFunction | undefined;
  /** Works on redrives and discards. */
  readonly handleDeadLetters: IFunction;
  /** Where clients open WebSocket connections. */
  readonly webSocketUrl: string;
}

/** `operations-api`: health, quota, analytics, probes, tickets of live connections, the stage's own description and the API's documentation. */
export class OperationsApiFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, context: OperationsApiContext) {
    const { config, alarms, data, queues, cursorSecret, planRefresh, webhooksQueue, handleDeadLetters, webSocketUrl } =
      context;
    super(scope, id, {
      config,
      alarms,
      room: "operations-api",
      envSchema: EnvSchema,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      impact: "Nobody sees health or quota, and clients cannot find where to sign in.",
      environment: {
        ACCESS_TABLE_NAME: data.access.table.tableName,
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        LIMITS_TABLE_NAME: data.upstreamLimits.table.tableName,
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
        REFRESH_JOBS_TABLE_NAME: data.refreshJobs.table.tableName,
        PLAN_REFRESH_FUNCTION_NAME: planRefresh?.functionName ?? "off",
        DEAD_LETTERS_TABLE_NAME: data.deadLetters.table.tableName,
        HANDLE_DEAD_LETTERS_FUNCTION_NAME: handleDeadLetters.functionName,
        CURSOR_SECRET_ARN: cursorSecret.arn,
        ENRICH_QUEUE_URL: queues.enrich.queue.queueUrl,
        EXPRESS_QUEUE_URL: queues.express.queue.queueUrl,
        FAILURES_TABLE_NAME: data.failures.table.tableName,
        SOURCES: sourcesJson(config),
        USER_AGENT: userAgent(config),
        SECRET_PREFIX: data.secrets.prefix,
        DEFAULT_MARKETPLACE: config.default_marketplace,
        USER_POOL_ID: data.users.pool.userPoolId,
        USER_POOL_CLIENT_ID: data.users.client.userPoolClientId,
        WEB_SOCKET_URL: webSocketUrl,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        LIVE_TABLE_NAME: data.liveConnections.table.tableName,
        WEBHOOKS_TABLE_NAME: data.webhooks.table.tableName,
        WEBHOOKS_QUEUE_URL: webhooksQueue?.queue.queueUrl ?? "off",
        WEBHOOK_KEY_ARN: data.webhookKey.arn,
        WEBHOOK_ALLOWED_ADDRESSES: JSON.stringify(config.webhook_allowed_addresses),
        SIMULATED: config.simulated ? "true" : "false",
      },
    });
    data.access.grant(this, ["BatchGetItem", "GetItem", "PutItem", "UpdateItem"]);
    data.access.grantQuery(this, "by-owner");
    data.marketplaces.grant(this, ["BatchGetItem", "PutItem"]);
    // Failed products are tried again inside their runs.
    data.enrichmentStatus.grant(this, ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"]);
    data.enrichmentStatus.grantQuery(this, "failing-runs");
    data.enrichmentStatus.grantScan(this, "failing-runs");
    data.enrichmentStatus.grantQuery(this, "open-runs");
    data.failures.grant(this, ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"]);
    // A probe takes a slot like any other call, shares its token and is counted.
    data.upstreamLimits.grant(this, ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"]);
    // Numbers and revocations; it removes nothing itself.
    data.contentEnds.grant(this, ["GetItem", "Query", "PutItem", "UpdateItem"]);
    data.products.grantDescribe(this);
    // Tickets of WebSocket connections.
    data.operations.grant(this, ["PutItem"]);
    data.liveConnections.grant(this, ["GetItem"]);
    data.refreshJobs.grant(this, ["Query"]);
    data.webhooks.grant(this, ["GetItem", "Query", "PutItem", "UpdateItem"]);
    data.webhookKey.grantRead(this);
    webhooksQueue?.grantSend(this);
    // It lists letters and writes jobs; only `handle-dead-letters` changes a letter.
    data.deadLetters.grant(this, ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"]);
    data.deadLetters.grantQuery(this, "letters-by-time");
    this.allow(["lambda:InvokeFunction"], handleDeadLetters.functionArn);
    if (planRefresh) this.allow(["lambda:InvokeFunction"], planRefresh.functionArn);
    cursorSecret.grantRead(this);
    data.secrets.grantRead(this);
    queues.enrich.grantReadAttributes(this);
    queues.enrich.grantSend(this);
    queues.express.grantSend(this);
  }
}
