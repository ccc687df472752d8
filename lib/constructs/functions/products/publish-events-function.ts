import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/publish-events/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import { acknowledgementsJson, type FunctionContext } from "../function-context.ts";

/** A batch of a hundred products takes about a second. */
const TIMEOUT_SECONDS = 60;

/** `publish-events`: what changed in products, recorded after the commit. */
export class PublishEventsFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(
    scope: Construct,
    id: string,
    { config, alarms, data }: Pick<FunctionContext, "config" | "alarms" | "data">,
  ) {
    super(scope, id, {
      config,
      alarms,
      room: "publish-events",
      envSchema: EnvSchema,
      timeoutSeconds: TIMEOUT_SECONDS,
      impact: "Changes of prices, availability and titles are recorded late, or with the next write of the product.",
      environment: {
        PRODUCTS_TABLE_NAME: data.products.table.tableName,
        CONTENT_ENDS_TABLE_NAME: data.contentEnds.table.tableName,
        HISTORY_TABLE_NAME: data.productHistory.table.tableName,
        LICENCE_ACKNOWLEDGEMENTS: acknowledgementsJson(config),
      },
    });
    data.products.grant(this, ["BatchGetItem"]);
    data.contentEnds.grant(this, ["Query"]);
    data.productHistory.grant(this, ["BatchGetItem", "PutItem"]);
  }
}
