import type { Construct } from "constructs";
import { EnvSchema } from "../../../lambdas/handle-dead-letters/env.ts";
import type { FunctionContext } from "../functions/function-context.ts";
import { ServiceFunction } from "../service-function.ts";

/**
 * Lambda takes 4 KB of variables, and each name begins with that of its stack. With a longer stage name the log groups are left out:
 * letters then have no link to their log lines, and the runbook says how to find the group.
 */
const MAX_STAGE_FOR_LOGS = 8;

/** A pass takes up work for 40 s. */
const TIMEOUT_SECONDS = 60;

/** `handle-dead-letters`: keeps what was given up, and sends or discards it when an operator asks. */
export class HandleDeadLettersFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, queues }: FunctionContext) {
    const letters = alarms.deadLetters.entries;
    super(scope, id, {
      config,
      alarms,
      room: "handle-dead-letters",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
      impact: "Dead letters stay in their queues, where only AWS's own tools see them, and redrives stand still.",
      environment: {
        DEAD_LETTERS_TABLE_NAME: data.deadLetters.table.tableName,
        LETTER_SOURCES: JSON.stringify(
          Object.fromEntries(
            letters.map(({ name, queue, source, logGroupName }) => [
              name,
              [
                queue.queueName,
                source?.queueName ?? "",
                config.stage.length <= MAX_STAGE_FOR_LOGS ? (logGroupName ?? "") : "",
              ],
            ]),
          ),
        ),
        ENRICH_QUEUE_URL: queues.enrich.queue.queueUrl,
        STATUS_TABLE_NAME: data.enrichmentStatus.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        REFRESH_JOBS_TABLE_NAME: data.refreshJobs.table.tableName,
        STAGING_TABLE_NAME: data.assemblyStaging.table.tableName,
        SHOP_PRODUCTS_TABLE_NAME: data.shopProducts.table.tableName,
        WEBHOOKS_TABLE_NAME: data.webhooks.table.tableName,
      },
    });
    data.deadLetters.grant(this, ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"]);
    data.deadLetters.grantQuery(this, "letters-by-time");
    // It asks these what came of a message, and writes none of them.
    for (const table of [
      ...[data.enrichmentStatus, data.operations, data.refreshJobs],
      ...[data.assemblyStaging, data.shopProducts, data.webhooks],
    ]) {
      table.grant(this, ["GetItem"]);
    }
    this.allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], ...letters.map(({ queue }) => queue.queueArn));
    this.allow(["sqs:SendMessage"], ...letters.flatMap(({ source }) => source?.queueArn ?? []));
  }
}
