import type { ReadRights } from "../../lambdas/common/adapters/dynamodb/products/product-reader.ts";
import type { EndsLedger } from "../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { licenceBook } from "../../lambdas/common/core/licences/licence-book.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import { NOON } from "./rows.ts";

/** Licences without acknowledgements. */
export const LICENCES = licenceBook();

/** Takes every note and keeps none. */
export const noLedger: EndsLedger = { note: async () => undefined };

/** Reads as those licences allow it at `nowMs`, while these sources are revoked. */
export const rightsAt = (
  nowMs: () => number = () => NOON,
  revoked: Iterable<SourceId> = [],
): ReadRights & { readonly ends: EndsLedger } => ({
  licences: LICENCES,
  clock: { now: nowMs },
  ends: noLedger,
  revoked: async () => new Set(revoked),
});
