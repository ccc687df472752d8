import { ABORTED, type SourceWords, withNextStep } from "../../core/sources/explain-state.ts";

const SET_AGAIN = "and set them again with `enrichline credentials set sp-api`.";

const WORDS: Readonly<Record<string, SourceWords>> = {
  invalid_client: withNextStep(
    "Amazon does not know this application: client id or client secret is wrong.",
    `Copy both from Seller Central, Develop Apps, ${SET_AGAIN}`,
  ),
  invalid_grant: withNextStep(
    "The refresh token is wrong, withdrawn or older than a year.",
    `Authorise the application again in Seller Central ${SET_AGAIN}`,
  ),
  invalid_request: withNextStep(
    "Amazon cannot read the credentials.",
    `Copy all three values again, without blanks, ${SET_AGAIN}`,
  ),
  unauthorized_client: withNextStep(
    "The application may not use a refresh token.",
    "Check in Seller Central that it is an SP-API application.",
  ),
  Unauthorized: withNextStep(
    "Amazon refuses this application access: a role is missing, or the seller account is of another region.",
    "In Seller Central, give the application the Product Listing and Pricing roles, authorise it again, and check the region.",
  ),
  AccessTokenExpired: withNextStep(
    "Amazon does not accept the access token.",
    `A new one is fetched by itself. If this stays, authorise the application again in Seller Central ${SET_AGAIN}`,
  ),
  QuotaExceeded: withNextStep(
    "Calls came faster than Amazon allows this account and application.",
    "Wait; if other tools use the same application, lower this source's share of the allowance.",
  ),
  throttled: withNextStep(
    "Amazon refuses every call for its pace: the allowance of this account and application is used up.",
    "Wait. If other tools use the same application, lower this source's share of the allowance, so that all of them fit into it.",
  ),
  InvalidInput: withNextStep("Amazon refused the request as invalid.", "Check the ASIN and the shop."),
  InvalidAsin: withNextStep("This is no ASIN.", "Correct the ASIN in the catalog."),
  NOT_FOUND: withNextStep("The shop has no such product.", "Check the ASIN and the shop."),
  NotFound: withNextStep("The shop has no such product.", "Check the ASIN and the shop."),
  MarketplaceNotServed: withNextStep(
    "The SP-API credentials belong to another region than this shop.",
    `Use the credentials of a seller account in this shop's region ${SET_AGAIN}`,
  ),
  UnsupportedFilter: withNextStep("SP-API cannot search by price.", "Search without a price range."),
  UnexpectedShape: withNextStep("Amazon sent an item in an unknown form.", "Report this with the ASIN."),
  InternalFailure: withNextStep("SP-API has a fault of its own.", "Wait; the call is tried again."),
  ServiceUnavailable: withNextStep("SP-API is not available.", "Wait; the call is tried again."),
  AnswerTooLarge: withNextStep(
    "SP-API's answer was larger than 8 MB.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  UnreadableAnswer: withNextStep("SP-API's answer could not be read.", "Wait; the call is tried again."),
  Aborted: ABORTED,
  Timeout: withNextStep("SP-API did not answer in time.", "Wait; the call is tried again."),
  NetworkError: withNextStep("SP-API could not be reached.", "Check the network connection."),
};
const UNKNOWN = withNextStep("SP-API failed in an unknown way.", "Wait; the call is tried again.");

/** Explains one of the source's codes. */
export const explain = (code: string): SourceWords => (Object.hasOwn(WORDS, code) ? (WORDS[code] ?? UNKNOWN) : UNKNOWN);
