import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/sweep-staging/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";

/** A sweep reads the whole table, which holds what waits only: seconds. */
const TIMEOUT_SECONDS = 300;

/** `sweep-staging`: counts halves of products that wait in vain. */
export class SweepStagingFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(
    scope: Construct,
    id: string,
    { config, alarms, data }: Pick<FunctionContext, "config" | "alarms" | "data">,
  ) {
    super(scope, id, {
      config,
      alarms,
      room: "sweep-staging",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
      impact:
        "Nobody learns of captions without thumbnails and the other way round; products are assembled all the same.",
      environment: {
        STAGING_TABLE_NAME: data.assemblyStaging.table.tableName,
        SHOP_PRODUCTS_TABLE_NAME: data.shopProducts.table.tableName,
      },
    });
    // What waits is in no index: it is the whole table.
    data.assemblyStaging.grant(this, ["Scan", "UpdateItem", "BatchWriteItem"]);
    data.shopProducts.grant(this, ["GetItem", "PutItem"]);
  }
}
