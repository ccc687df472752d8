import { MARKETPLACES, type Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";

const first = MARKETPLACES[0];
if (!first) throw new Error("there are no marketplaces");

/** The US shop: what a loopback address means when nothing names another one. */
export const DEFAULT_SHOP: Marketplace = first;
