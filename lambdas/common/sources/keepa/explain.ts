import { ABORTED, type SourceWords, withNextStep } from "../../core/sources/explain-state.ts";

const WORDS: Readonly<Record<string, SourceWords>> = {
  InvalidKey: withNextStep(
    "Keepa does not accept this key.",
    "Copy the 64-character key from keepa.com, My account, API, and set it again with `enrichline credentials set keepa`.",
  ),
  NoAccess: withNextStep(
    "Keepa knows the key, but its plan does not include the API.",
    "Subscribe to the Keepa API on keepa.com, then try again.",
  ),
  NotEnoughTokens: withNextStep(
    "The Keepa tokens of this key are used up for the moment.",
    "Wait: tokens refill every minute. If this happens often, book a larger Keepa plan.",
  ),
  throttled: withNextStep(
    "Keepa refuses every call, because the tokens of this key are used up.",
    "Wait: tokens refill every minute. If other tools use the same key, they take the tokens too; if this happens often, book a larger Keepa plan.",
  ),
  BadRequest: withNextStep(
    "Keepa refused the request as malformed.",
    "Report this with the message; the next source is asked meanwhile.",
  ),
  NotInPlan: withNextStep("Keepa does not offer this request to the key.", "Check the plan on keepa.com."),
  MarketplaceNotServed: withNextStep(
    "Keepa has no data of this shop.",
    "Use another source for this shop; Keepa serves US, UK, DE, FR, JP, CA, IT, ES, IN, MX and BR.",
  ),
  NotAccessible: withNextStep("Keepa may not show this product.", "Nothing to do; the next source is asked."),
  NoData: withNextStep("Keepa has no data of this ASIN.", "Check the ASIN and the shop."),
  UnexpectedShape: withNextStep(
    "Keepa sent a product in an unknown form.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  ServerError: withNextStep("Keepa has a fault of its own.", "Wait; the call is tried again."),
  AnswerTooLarge: withNextStep(
    "Keepa's answer was larger than 8 MB.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  UnreadableAnswer: withNextStep("Keepa's answer could not be read.", "Wait; the call is tried again."),
  Aborted: ABORTED,
  Timeout: withNextStep("Keepa did not answer in time.", "Wait; the call is tried again."),
  NetworkError: withNextStep("Keepa could not be reached.", "Check the network connection."),
};
const UNKNOWN = withNextStep("Keepa failed in an unknown way.", "Wait; the call is tried again.");

/** Explains one of the source's codes. */
export const explain = (code: string): SourceWords => (Object.hasOwn(WORDS, code) ? (WORDS[code] ?? UNKNOWN) : UNKNOWN);
