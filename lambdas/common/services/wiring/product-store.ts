import { ContentEnds } from "../../adapters/dynamodb/content-ends/content-ends.ts";
import { Revocations } from "../../adapters/dynamodb/content-ends/revocations.ts";
import { ProductReader } from "../../adapters/dynamodb/products/product-reader.ts";
import { ProductStore } from "../../adapters/dynamodb/products/product-store.ts";
import type { Clock } from "../../core/clock.ts";
import type { Acknowledgements } from "../../core/licences/acknowledgements.ts";
import { type LicenceBook, licenceBook } from "../../core/licences/licence-book.ts";
import type { RevokedSources } from "../../core/licences/revocations/without-revoked.ts";
import type { Log } from "../../platform/logger.ts";
import type { Clients } from "./clients.ts";

/** Variables that a reader of products is built from. */
export interface ProductReaderEnv {
  readonly PRODUCTS_TABLE_NAME: string;
  /** Where it stands which sources are revoked. */
  readonly CONTENT_ENDS_TABLE_NAME: string;
  readonly LICENCE_ACKNOWLEDGEMENTS: Acknowledgements;
}

/** What they are built with. */
export interface ProductStoreParts extends Pick<Clients, "documents"> {
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "error">;
}

/** Stored products, and the licences that hold on this stage. */
export interface Licensed<Products> {
  readonly products: Products;
  readonly licences: LicenceBook;
  /** Sources whose content may neither be kept nor given out. */
  readonly revoked: () => Promise<RevokedSources>;
}

/** Builds what only reads products. */
export const buildProductReader = (
  env: ProductReaderEnv,
  { documents, clock, log }: ProductStoreParts,
): Licensed<ProductReader> => {
  const licences = licenceBook(env.LICENCE_ACKNOWLEDGEMENTS);
  const revocations = new Revocations(documents, env.CONTENT_ENDS_TABLE_NAME, clock);
  const revoked = () => revocations.revoked();
  const rights = { licences, clock, revoked };
  return { products: new ProductReader(documents, env.PRODUCTS_TABLE_NAME, rights, log), licences, revoked };
};

/** Builds what writes products too, and notes when their content ends. */
export const buildProductStore = (
  env: ProductReaderEnv,
  { documents, clock, log }: ProductStoreParts,
): Licensed<ProductStore> => {
  const licences = licenceBook(env.LICENCE_ACKNOWLEDGEMENTS);
  const ends = new ContentEnds(documents, env.CONTENT_ENDS_TABLE_NAME, clock);
  const revocations = new Revocations(documents, env.CONTENT_ENDS_TABLE_NAME, clock);
  const revoked = () => revocations.revoked();
  const rights = { licences, clock, ends, revoked };
  return { products: new ProductStore(documents, env.PRODUCTS_TABLE_NAME, rights, log), licences, revoked };
};
