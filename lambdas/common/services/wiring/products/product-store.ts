import { ProductReader } from "../../../adapters/dynamodb/products/product-reader.ts";
import { ProductStore } from "../../../adapters/dynamodb/products/product-store.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Log } from "../../../platform/logger.ts";
import type { Clients } from "../clients.ts";
import { buildLicences, type Licences, type LicencesEnv } from "./licences.ts";

/** Variables that a reader of products is built from. */
export interface ProductReaderEnv extends LicencesEnv {
  readonly PRODUCTS_TABLE_NAME: string;
}

/** What they are built with. */
export interface ProductStoreParts extends Pick<Clients, "documents"> {
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "error">;
}

/** Stored products, and the licences that hold on this stage. */
export interface Licensed<Products> extends Licences {
  readonly products: Products;
}

/** Builds what only reads products. */
export const buildProductReader = (
  env: ProductReaderEnv,
  { documents, clock, log }: ProductStoreParts,
): Licensed<ProductReader> => {
  const built = buildLicences(env, { documents, clock });
  const { licences, revoked } = built;
  return {
    ...built,
    products: new ProductReader(documents, env.PRODUCTS_TABLE_NAME, { licences, clock, revoked }, log),
  };
};

/** Builds what writes products too, and notes when their content ends. */
export const buildProductStore = (
  env: ProductReaderEnv,
  { documents, clock, log }: ProductStoreParts,
): Licensed<ProductStore> => {
  const built = buildLicences(env, { documents, clock });
  const { licences, ends, revoked } = built;
  return {
    ...built,
    products: new ProductStore(documents, env.PRODUCTS_TABLE_NAME, { licences, clock, ends, revoked }, log),
  };
};
