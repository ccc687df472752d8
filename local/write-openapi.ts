import { writeFile } from "node:fs/promises";
import { createApp as createCatalogsApp } from "../lambdas/catalogs-api/app.ts";
import type { Deps as CatalogsDeps } from "../lambdas/catalogs-api/deps.ts";
import { openApiDocument } from "../lambdas/common/platform/http/openapi-document.ts";
import { createApp as createOperationsApp } from "../lambdas/operations-api/app.ts";
import type { Deps as OperationsDeps } from "../lambdas/operations-api/deps.ts";
import { createApp as createProductsApp } from "../lambdas/products-api/app.ts";
import type { Deps as ProductsDeps } from "../lambdas/products-api/deps.ts";
import { createApp as createShopApp } from "../lambdas/shop-api/app.ts";
import type { Deps as ShopDeps } from "../lambdas/shop-api/deps.ts";

/** Where the document is kept; `operations-api` bundles it. */
export const OPENAPI_FILE = new URL("../docs/api/openapi.json", import.meta.url);

/** The OpenAPI document of all HTTP rooms as JSON text, generated from their route schemas. */
export const generateOpenApi = (): string => {
  // Registering routes touches no dependency; only requests do, and none is made here.
  const catalogs = createCatalogsApp({} as CatalogsDeps);
  const products = createProductsApp({} as ProductsDeps);
  const operations = createOperationsApp({} as OperationsDeps);
  const shop = createShopApp({} as ShopDeps);
  return `${JSON.stringify(openApiDocument([catalogs, products, operations, shop]), null, 2)}\n`;
};

if (import.meta.main) {
  await writeFile(OPENAPI_FILE, generateOpenApi());
  console.log("docs/api/openapi.json written");
}
