import type { SourceWords } from "../../core/sources/explain-state.ts";

const words = (reason: string, nextStep: string): SourceWords => ({ reason, next_step: nextStep });
const SET_AGAIN = "and set them again with `enrichline credentials set sp-api`.";

const WORDS: Readonly<Record<string, SourceWords>> = {
  invalid_client: words(
    "Amazon does not know this application: client id or client secret is wrong.",
    `Copy both from Seller Central, Develop Apps, ${SET_AGAIN}`,
  ),
  invalid_grant: words(
    "The refresh token is wrong, withdrawn or older than a year.",
    `Authorise the application again in Seller Central ${SET_AGAIN}`,
  ),
  invalid_request: words(
    "Amazon cannot read the credentials.",
    `Copy all three values again, without blanks, ${SET_AGAIN}`,
  ),
  unauthorized_client: words(
    "The application may not use a refresh token.",
    "Check in Seller Central that it is an SP-API application.",
  ),
  Unauthorized: words(
    "Amazon refuses this application access: a role is missing, or the seller account is of another region.",
    "In Seller Central, give the application the Product Listing and Pricing roles, authorise it again, and check the region.",
  ),
  AccessTokenExpired: words(
    "Amazon does not accept the access token.",
    `A new one is fetched by itself. If this stays, authorise the application again in Seller Central ${SET_AGAIN}`,
  ),
  QuotaExceeded: words(
    "Calls came faster than Amazon allows this account and application.",
    "Wait; if other tools use the same application, lower this source's share of the allowance.",
  ),
  throttled: words(
    "Amazon refuses every call for its pace: the allowance of this account and application is used up.",
    "Wait. If other tools use the same application, lower this source's share of the allowance, so that all of them fit into it.",
  ),
  InvalidInput: words("Amazon refused the request as invalid.", "Check the ASIN and the shop."),
  InvalidAsin: words("This is no ASIN.", "Correct the ASIN in the catalog."),
  NOT_FOUND: words("The shop has no such product.", "Check the ASIN and the shop."),
  NotFound: words("The shop has no such product.", "Check the ASIN and the shop."),
  MarketplaceNotServed: words(
    "The SP-API credentials belong to another region than this shop.",
    `Use the credentials of a seller account in this shop's region ${SET_AGAIN}`,
  ),
  UnsupportedFilter: words("SP-API cannot search by price.", "Search without a price range."),
  UnexpectedShape: words("Amazon sent an item in an unknown form.", "Report this with the ASIN."),
  InternalFailure: words("SP-API has a fault of its own.", "Wait; the call is tried again."),
  ServiceUnavailable: words("SP-API is not available.", "Wait; the call is tried again."),
  AnswerTooLarge: words(
    "SP-API's answer was larger than 8 MB.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  UnreadableAnswer: words("SP-API's answer could not be read.", "Wait; the call is tried again."),
  Timeout: words("SP-API did not answer in time.", "Wait; the call is tried again."),
  NetworkError: words("SP-API could not be reached.", "Check the network connection."),
};
const UNKNOWN = words("SP-API failed in an unknown way.", "Wait; the call is tried again.");

/** Explains one of the source's codes. */
export const explain = (code: string): SourceWords => (Object.hasOwn(WORDS, code) ? (WORDS[code] ?? UNKNOWN) : UNKNOWN);
