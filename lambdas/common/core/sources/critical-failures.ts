import { OWN_CODES } from "./failure-codes.ts";

/**
 * Codes of failures that end a product although nothing is wrong with it: somebody must repair something before it can be tried
 * again. The first three come from us. The others are refusals of the account; a product waits for those as a rule.
 */
export const CRITICAL_FAILURES: readonly string[] = [
  OWN_CODES.DEAD_LETTERED,
  OWN_CODES.UNSTORABLE,
  OWN_CODES.INTERNAL,
  "InvalidSignature",
  "InvalidAssociate",
  "AssociateNotEligible",
  "InvalidClient",
];
