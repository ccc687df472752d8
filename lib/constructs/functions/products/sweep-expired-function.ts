import type { Construct } from "constructs";
import { SWEEP_SECONDS } from "../../../../lambdas/common/core/licences/revocations/revocation.ts";
import { EnvSchema } from "../../../../lambdas/sweep-expired/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext } from "../function-context.ts";

/** `sweep-expired`: removes what may not be kept any more. */
export class SweepExpiredFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(
    scope: Construct,
    id: string,
    { config, alarms, data }: Pick<FunctionContext, "config" | "alarms" | "data">,
  ) {
    super(scope, id, {
      config,
      alarms,
      room: "sweep-expired",
      envSchema: EnvSchema,
      timeoutSeconds: SWEEP_SECONDS,
      impact: "Content stays stored beyond its licence; readers give none of it out.",
      environment: {
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        HISTORY_TABLE_NAME: data.productHistory.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        OPERATIONS_TABLE_NAME: data.operations.table.tableName,
        BUCKET_NAME: data.bucket.bucket.bucketName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
      },
    });
    data.contentEnds.grant(this, ["GetItem", "PutItem", "UpdateItem", "Query"]);
    // What is in an export stands in its row.
    data.operations.grant(this, ["GetItem", "UpdateItem"]);
    // Finds what no row was noted for, which no index holds.
    data.products.grant(this, ["BatchGetItem", "Scan", "UpdateItem", "DeleteItem"]);
    data.productHistory.grant(this, ["Scan", "PutItem", "DeleteItem"]);
    data.bucket.grantList(this, "raw", "exports");
    data.bucket.grantDelete(this, "raw", "exports");
  }
}
