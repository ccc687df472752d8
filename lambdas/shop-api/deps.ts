import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import { ShopProducts } from "../common/adapters/dynamodb/shop/shop-products.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import type { Env } from "./env.ts";

/** What the routes of this room need. */
export interface Deps extends ApiContext {
  readonly products: Pick<ShopProducts, "get" | "list">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => ({
  ...buildApiContext(env),
  products: new ShopProducts(createDocumentClient(), env.SHOP_PRODUCTS_TABLE_NAME),
});
