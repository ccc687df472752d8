import * as z from "zod";
import { OWN_CODES } from "../sources/failure-codes.ts";

/** What has one cause and one remedy: failed products with one code, apart by source or shop where that is another cause. */
export interface FailureCause {
  readonly error_code: string;
  /** Source whose failure it is; null where it is nobody's, or the shop's. */
  readonly source: string | null;
  /** Shop whose failure it is; null where the shop makes no difference. */
  readonly marketplace: string | null;
}

/** Codes whose cause lies in the shop: another shop needs another remedy. */
const BY_SHOP: ReadonlySet<string> = new Set([OWN_CODES.NO_SOURCE_FOR_SHOP, OWN_CODES.SHOP_OFF]);
/** Codes of our own whose cause is the same whatever source was asked last. */
const BY_CODE: ReadonlySet<string> = new Set([
  OWN_CODES.NOT_FOUND,
  OWN_CODES.DEAD_LETTERED,
  OWN_CODES.UNSTORABLE,
  OWN_CODES.INTERNAL,
]);

/** Id of a failure group: its code, and its source or shop where these make a difference, such as `RetriesExhausted.creators-api`. */
export const FailureGroupIdSchema = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9_]+(?:\.[a-z0-9.-]+)?$/);

/** The cause of a failure, without what makes no difference to it. */
const causeOf = ({ error_code, source, marketplace }: FailureCause): FailureCause => {
  if (BY_SHOP.has(error_code)) return { error_code, source: null, marketplace };
  return { error_code, source: BY_CODE.has(error_code) ? null : source, marketplace: null };
};

/** Id of the group that a failure belongs to: failures of one cause have one id, in every run and for everyone. */
export const failureGroupId = (failure: FailureCause): string => {
  const { error_code, source, marketplace } = causeOf(failure);
  const of = source ?? marketplace;
  return of === null ? error_code : `${error_code}.${of}`;
};

/** The cause that an id names. @param id one that `FailureGroupIdSchema` takes */
export const causeOfGroup = (id: string): FailureCause => {
  const dot = id.indexOf(".");
  if (dot < 0) return { error_code: id, source: null, marketplace: null };
  const [error_code, of] = [id.slice(0, dot), id.slice(dot + 1)];
  return BY_SHOP.has(error_code)
    ? { error_code, source: null, marketplace: of }
    : { error_code, source: of, marketplace: null };
};
