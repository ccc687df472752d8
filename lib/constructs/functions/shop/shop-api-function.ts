import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/shop-api/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";
import { HTTP_TIMEOUT_SECONDS } from "../http-timeout.ts";

/** `shop-api`: what shops show, for anybody to read. */
export class ShopApiFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(
    scope: Construct,
    id: string,
    { config, alarms, data }: Pick<FunctionContext, "config" | "alarms" | "data">,
  ) {
    super(scope, id, {
      config,
      alarms,
      room: "shop-api",
      envSchema: EnvSchema,
      timeoutSeconds: HTTP_TIMEOUT_SECONDS,
      impact: "Shop pages show no products; products are assembled all the same.",
      environment: { SHOP_PRODUCTS_TABLE_NAME: data.shopProducts.table.tableName },
    });
    data.shopProducts.grant(this, ["GetItem", "BatchGetItem"]);
    data.shopProducts.grantQuery(this, "by-created");
  }
}
