import type { ReadRights } from "../../lambdas/common/adapters/dynamodb/products/product-reader.ts";
import type { EndsLedger } from "../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { licenceBook } from "../../lambdas/common/core/licences/licence-book.ts";
import { NOON } from "./rows.ts";

/** Licences without acknowledgements. */
export const LICENCES = licenceBook();

/** Takes every note and keeps none. */
export const noLedger: EndsLedger = { note: async () => undefined };

/** Reads as those licences allow it at `nowMs`. */
export const rightsAt = (nowMs: () => number = () => NOON): ReadRights & { readonly ends: EndsLedger } => ({
  licences: LICENCES,
  clock: { now: nowMs },
  ends: noLedger,
});
