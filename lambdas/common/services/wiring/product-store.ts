import { ProductStore } from "../../adapters/dynamodb/products/product-store.ts";
import type { Clock } from "../../core/clock.ts";
import type { Acknowledgements } from "../../core/licences/acknowledgements.ts";
import { type LicenceBook, licenceBook } from "../../core/licences/licence-book.ts";
import type { Log } from "../../platform/logger.ts";
import type { Clients } from "./clients.ts";

/** Variables that the store is built from. */
export interface ProductStoreEnv {
  readonly PRODUCTS_TABLE_NAME: string;
  readonly LICENCE_ACKNOWLEDGEMENTS: Acknowledgements;
}

/** What it is built with. */
export interface ProductStoreParts extends Pick<Clients, "documents"> {
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "error">;
}

/** The store of products, and the licences that it keeps. */
export interface LicensedProducts {
  readonly products: ProductStore;
  readonly licences: LicenceBook;
}

/** Builds the store of products with the licences that hold on this stage. */
export const buildProductStore = (
  env: ProductStoreEnv,
  { documents, clock, log }: ProductStoreParts,
): LicensedProducts => {
  const licences = licenceBook(env.LICENCE_ACKNOWLEDGEMENTS);
  return { products: new ProductStore(documents, env.PRODUCTS_TABLE_NAME, { licences, clock }, log), licences };
};
