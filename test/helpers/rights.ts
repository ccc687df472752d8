import type { ReadRights } from "../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { licenceBook } from "../../lambdas/common/core/licences/licence-book.ts";
import { NOON } from "./rows.ts";

/** Licences without acknowledgements. */
export const LICENCES = licenceBook();

/** Reads as those licences allow it at `nowMs`. */
export const rightsAt = (nowMs: () => number = () => NOON): ReadRights => ({
  licences: LICENCES,
  clock: { now: nowMs },
});
