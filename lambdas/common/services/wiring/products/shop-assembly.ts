import { createDocumentClient } from "../../../adapters/aws/aws-clients.ts";
import type { ClientLimits } from "../../../adapters/aws/client-limits.ts";
import { ShopProducts } from "../../../adapters/dynamodb/shop/shop-products.ts";
import { StagedAssemblies } from "../../../adapters/dynamodb/shop/staged-assemblies.ts";
import type { Clock } from "../../../core/clock.ts";
import { MAX_WRITE_MS } from "../../../core/shop/listed-until.ts";
import type { Clients } from "../clients.ts";

/** One attempt within the time after which lists count on it; the next one bears a later time. */
const WRITE_LIMITS: ClientLimits = {
  connectMs: MAX_WRITE_MS / 2,
  answerMs: MAX_WRITE_MS,
  silenceMs: MAX_WRITE_MS,
  attempts: 1,
};

/** The stores with which products are assembled. Products are written by a client of their own, which never waits long. */
export const buildAssembly = (
  env: { readonly STAGING_TABLE_NAME: string; readonly SHOP_PRODUCTS_TABLE_NAME: string },
  { documents, clock }: Pick<Clients, "documents"> & { readonly clock: Clock },
) => ({
  staged: new StagedAssemblies(documents, env.STAGING_TABLE_NAME),
  products: new ShopProducts(createDocumentClient(WRITE_LIMITS), env.SHOP_PRODUCTS_TABLE_NAME),
  clock,
});
