import type { SourceId } from "../source-ids.ts";
import type { FailureClass } from "../sources/failure-codes.ts";
import { OWN_CODES } from "../sources/failure-codes.ts";
import { SOURCE_FAILURES } from "../sources/known/source-failures.ts";

/**
 * What helps against a failure.
 * - `credentials`: credentials or tags of the source are stored again.
 * - `account`: its owner settles something with the upstream; nothing is stored.
 * - `outage`: the source works again; then the products are tried.
 * - `pace`: the line waits and continues by itself.
 * - `products`: the catalog's rows are checked; no retry makes a product exist.
 * - `report`: a fault of ours or of the upstream that only its maintainers can repair.
 * - `dead_letters`: what the queue could not deliver is examined.
 * - `shop_on`: an operator switches the shop on.
 * - `shop_source`: the stage gets a source that serves the shop.
 */
export const REMEDY_KINDS = [
  "credentials",
  "account",
  "outage",
  "pace",
  "products",
  "report",
  "dead_letters",
  "shop_on",
  "shop_source",
] as const;
export type RemedyKind = (typeof REMEDY_KINDS)[number];

const OWN: Readonly<Record<(typeof OWN_CODES)[keyof typeof OWN_CODES], RemedyKind>> = {
  [OWN_CODES.NOT_FOUND]: "products",
  [OWN_CODES.RETRIES_EXHAUSTED]: "outage",
  [OWN_CODES.DEAD_LETTERED]: "dead_letters",
  [OWN_CODES.UNSTORABLE]: "report",
  [OWN_CODES.INTERNAL]: "report",
  [OWN_CODES.NO_SOURCE_FOR_SHOP]: "shop_source",
  [OWN_CODES.SHOP_OFF]: "shop_on",
};

const BY_CLASS: Readonly<Record<FailureClass, RemedyKind>> = {
  retriable: "outage",
  throttled: "pace",
  permanent: "products",
  not_found: "products",
  critical: "credentials",
};

/** Codes whose class alone does not say what helps. */
const BESIDES: Readonly<Record<string, RemedyKind>> = {
  // Sales, plans and approvals.
  AssociateNotEligible: "account",
  AccessDeniedException: "account",
  AuthorizationFailed: "account",
  AccessDenied: "account",
  Unauthorized: "account",
  unauthorized_client: "account",
  NoAccess: "account",
  NotInPlan: "account",
  // The request is malformed, or the answer: no row of a catalog is to blame.
  UnreadableItem: "report",
  FieldValidationFailed: "report",
  CannotParse: "report",
  UnknownOperation: "report",
  ValidationException: "report",
  AnswerTooLarge: "report",
  BadRequest: "report",
  UnexpectedShape: "report",
  MissingParameter: "report",
  UnsupportedFilter: "report",
  UnknownPage: "report",
  // What is missing is in the credentials.
  MissingPartnerTag: "credentials",
  // The source does not serve the shop.
  MarketplaceNotServed: "shop_source",
  RobotsDisallowed: "shop_source",
};

const isSource = (source: string): source is SourceId => Object.hasOwn(SOURCE_FAILURES, source);
const isOwn = (code: string): code is keyof typeof OWN => Object.hasOwn(OWN, code);

/**
 * What helps against a failure. A code that no table knows may pass, like an internal error.
 * @param source null: it is nobody's, so the code is one of ours
 */
export const remedyKindOf = (code: string, source: string | null): RemedyKind => {
  const table = source !== null && isSource(source) ? SOURCE_FAILURES[source] : {};
  // A source's own code goes before ours of the same name.
  if (!Object.hasOwn(table, code)) return isOwn(code) ? OWN[code] : "outage";
  return Object.hasOwn(BESIDES, code) ? (BESIDES[code] ?? "report") : BY_CLASS[table[code] ?? "retriable"];
};

/** Whether the line goes on by itself, so that a person need do nothing. */
export const isAutomatic = (kind: RemedyKind): boolean => kind === "pace";
