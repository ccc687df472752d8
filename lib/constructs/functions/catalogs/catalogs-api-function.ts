import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/catalogs-api/env.ts";
import type { CursorSecret } from "../../cursor-secret.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext } from "../function-context.ts";
import { HTTP_TIMEOUT_SECONDS } from "../http-timeout.ts";
import { dispatchEnvironment } from "./dispatching.ts";

/** What `catalogs-api` is built on. */
export interface CatalogsApiContext extends FunctionContext {
  readonly cursorSecret: CursorSecret;
}

/** `catalogs-api`: uploads, runs, status and pages of a user's catalogs. */
export class CatalogsApiFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, context: CatalogsApiContext) {
    const { config, alarms, data, queues, cursorSecret } = context;
    super(scope, id, {
      config,
      alarms,
      room: "catalogs-api",
      envSchema: EnvSchema,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      impact: "Users cannot upload catalogs or see their progress; runs under way continue.",
      environment: {
        USER_POOL_ID: data.users.pool.userPoolId,
        ACCESS_TABLE_NAME: data.access.table.tableName,
        MARKETPLACES_TABLE_NAME: data.marketplaces.table.tableName,
        ...dispatchEnvironment(context),
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
        LIMITS_TABLE_NAME: data.upstreamLimits.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        EXPORTS_QUEUE_URL: queues.exports.queue.queueUrl,
        SECRET_PREFIX: data.secrets.prefix,
        CURSOR_SECRET_ARN: cursorSecret.arn,
        BATCH_SIZE: String(config.batch_size),
        DAILY_REFRESH: config.daily_refresh ? "true" : "false",
      },
    });
    // Feeds, and counts of calls.
    data.access.grant(this, ["BatchGetItem", "GetItem", "PutItem", "UpdateItem"]);
    data.access.grantQuery(this, "by-owner");
    this.allow(["cognito-idp:ListUsers"], data.users.pool.userPoolArn);
    data.marketplaces.grant(this, ["BatchGetItem"]);
    data.enrichmentStatus.grant(this, [
      "GetItem",
      "BatchGetItem",
      "Query",
      "PutItem",
      "UpdateItem",
      "ConditionCheckItem",
    ]);
    data.enrichmentStatus.grantQuery(this, "by-user");
    data.enrichmentStatus.grantQuery(this, "open-runs");
    data.enrichmentStatus.grantQuery(this, "due-batches");
    data.products.grant(this, ["BatchGetItem"]);
    data.contentEnds.grant(this, ["Query"]);
    data.failures.grant(this, ["BatchGetItem", "Query", "UpdateItem"]);
    data.failures.grantQuery(this, "by-code");
    data.upstreamLimits.grant(this, ["GetItem"]);
    data.operations.grant(this, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]);
    // Exports too, because it signs the addresses that they are fetched under.
    data.bucket.grantRead(this, "catalogs", "exports");
    data.bucket.grantWrite(this, "catalogs");
    data.bucket.grantAbort(this, "catalogs");
    // It signs addresses for users' files; a signature can do no more than its signer.
    data.bucket.grantWrite(this, "uploads");
    // A catalog whose ingest fails leaves nothing behind.
    data.bucket.grantDelete(this, "catalogs");
    data.secrets.grantRead(this);
    cursorSecret.grantRead(this);
    queues.enrich.grantSend(this);
    queues.express.grantSend(this);
    queues.exports.grantSend(this);
  }
}
