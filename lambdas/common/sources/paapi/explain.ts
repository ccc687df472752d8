import { ABORTED, type SourceWords, withNextStep } from "../../core/sources/explain-state.ts";

const SET_AGAIN = "set it again with `enrichline credentials set paapi`.";

const WORDS: Readonly<Record<string, SourceWords>> = {
  AccessDenied: withNextStep(
    "The access key may not use the Product Advertising API.",
    "Register for the API in Associates Central of this shop, then wait up to 48 hours.",
  ),
  AccessDeniedAwsUsers: withNextStep(
    "The access key is an AWS key, not one of the Product Advertising API.",
    `Create a key in Associates Central, Tools, and ${SET_AGAIN}`,
  ),
  InvalidAssociate: withNextStep(
    "The access key does not belong to an approved partner account of this shop.",
    "Check that key and partner tag come from the Associates account of this very shop.",
  ),
  AssociateNotEligible: withNextStep(
    "The partner account has no recent sales, so Amazon has closed the API to it.",
    "Make qualified sales through your links and wait for them to be counted; access returns within two days of shipped sales. Nothing needs to be stored again.",
  ),
  InvalidPartnerTag: withNextStep(
    "The partner tag is not one of this shop.",
    `Look up the tag of this shop in Associates Central and ${SET_AGAIN}`,
  ),
  IncompleteSignature: withNextStep("The signature was incomplete.", `Check the secret key and ${SET_AGAIN}`),
  InvalidSignature: withNextStep(
    "The signature does not fit: most often the secret key is wrong or cut off.",
    `Copy the whole secret key and ${SET_AGAIN}`,
  ),
  UnrecognizedClient: withNextStep(
    "Amazon does not know this access key.",
    `Copy the access key from Associates Central and ${SET_AGAIN}`,
  ),
  RequestExpired: withNextStep(
    "The clock of this machine is off by more than 15 minutes.",
    "Set the clock of the machine right.",
  ),
  TooManyRequests: withNextStep(
    "Amazon throttles this account: calls came too fast, the day is used up, the key is younger than 48 hours, or the account has had no sales for 30 days.",
    "Wait; if it never ends, check recent sales and the marketplace of the key in Associates Central.",
  ),
  throttled: withNextStep(
    "Amazon refuses every call for its pace. That usually means a key younger than 48 hours, an account without recent sales, or a day's allowance that another tool has used up.",
    "Wait: a new key needs up to 48 hours. If it lasts longer, check in Associates Central that sales were counted in the last 30 days, that key and tag belong to the shop asked, and that no other tool uses the account.",
  ),
  MissingPartnerTag: withNextStep(
    "No partner tag is set for this shop.",
    `Add the shop's tag to partner_tags and ${SET_AGAIN}`,
  ),
  InvalidParameterValue: withNextStep("Amazon does not accept this ASIN.", "Check the ASIN and the shop."),
  MissingParameter: withNextStep("Amazon missed a parameter.", "Report this with the message."),
  UnknownOperation: withNextStep("Amazon does not know this operation.", "Report this with the message."),
  ItemNotAccessible: withNextStep(
    "Amazon does not give this product to the API.",
    "Nothing to do; the next source is asked.",
  ),
  NoResults: withNextStep("The shop has no such product.", "Check the ASIN and the shop."),
  NotReturned: withNextStep("Amazon left this product out.", "Nothing to do; the next source is asked."),
  UnexpectedShape: withNextStep("Amazon sent an item in an unknown form.", "Report this with the ASIN."),
  InternalFailure: withNextStep("PA-API has a fault of its own.", "Wait; the call is tried again."),
  AnswerTooLarge: withNextStep(
    "PA-API's answer was larger than 8 MB.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  UnreadableAnswer: withNextStep("PA-API's answer could not be read.", "Wait; the call is tried again."),
  Aborted: ABORTED,
  Timeout: withNextStep("PA-API did not answer in time.", "Wait; the call is tried again."),
  NetworkError: withNextStep(
    "PA-API could not be reached. Amazon retired it on 2026-05-15.",
    "Use the Creators API (`enrichline credentials set creators-api`).",
  ),
};
const UNKNOWN = withNextStep("PA-API failed in an unknown way.", "Wait; the call is tried again.");

/** Explains one of the source's codes. `RequestThrottled` is the name of version 4, which some answers still use. */
export const explain = (code: string): SourceWords => {
  const name = code === "RequestThrottled" ? "TooManyRequests" : code;
  return Object.hasOwn(WORDS, name) ? (WORDS[name] ?? UNKNOWN) : UNKNOWN;
};
