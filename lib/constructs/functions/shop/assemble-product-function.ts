import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/assemble-product/env.ts";
import type { QueueWithDlq } from "../../queues/queue-with-dlq.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";

/** A hundred halves of products take a fraction of a second; the rest is for tables that answer late. */
export const ASSEMBLE_TIMEOUT_SECONDS = 30;

/** What `assemble-product` is built on. */
export interface AssembleProductContext extends Pick<FunctionContext, "config" | "alarms" | "data"> {
  readonly captions: QueueWithDlq;
  readonly thumbnails: QueueWithDlq;
}

/** `assemble-product`: makes products of captions and thumbnails. */
export class AssembleProductFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, data, captions, thumbnails }: AssembleProductContext) {
    super(scope, id, {
      config,
      alarms,
      room: "assemble-product",
      envSchema: EnvSchema,
      timeoutSeconds: ASSEMBLE_TIMEOUT_SECONDS,
      impact: "New products do not appear in shops; their events wait in the queues.",
      environment: {
        STAGING_TABLE_NAME: data.assemblyStaging.table.tableName,
        SHOP_PRODUCTS_TABLE_NAME: data.shopProducts.table.tableName,
        CAPTION_QUEUE_URL: captions.queue.queueUrl,
        THUMBNAIL_QUEUE_URL: thumbnails.queue.queueUrl,
      },
    });
    data.assemblyStaging.grant(this, ["BatchGetItem", "PutItem", "UpdateItem", "BatchWriteItem"]);
    data.shopProducts.grant(this, ["BatchGetItem", "PutItem"]);
  }
}
