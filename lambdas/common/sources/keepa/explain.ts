import type { SourceWords } from "../../core/sources/explain-state.ts";

const words = (reason: string, nextStep: string): SourceWords => ({ reason, next_step: nextStep });

const WORDS: Readonly<Record<string, SourceWords>> = {
  InvalidKey: words(
    "Keepa does not accept this key.",
    "Copy the 64-character key from keepa.com, My account, API, and set it again with `enrichline credentials set keepa`.",
  ),
  NoAccess: words(
    "Keepa knows the key, but its plan does not include the API.",
    "Subscribe to the Keepa API on keepa.com, then try again.",
  ),
  NotEnoughTokens: words(
    "The Keepa tokens of this key are used up for the moment.",
    "Wait: tokens refill every minute. If this happens often, book a larger Keepa plan.",
  ),
  throttled: words(
    "Keepa refuses every call, because the tokens of this key are used up.",
    "Wait: tokens refill every minute. If other tools use the same key, they take the tokens too; if this happens often, book a larger Keepa plan.",
  ),
  BadRequest: words(
    "Keepa refused the request as malformed.",
    "Report this with the message; the next source is asked meanwhile.",
  ),
  NotInPlan: words("Keepa does not offer this request to the key.", "Check the plan on keepa.com."),
  MarketplaceNotServed: words(
    "Keepa has no data of this shop.",
    "Use another source for this shop; Keepa serves US, UK, DE, FR, JP, CA, IT, ES, IN, MX and BR.",
  ),
  NotAccessible: words("Keepa may not show this product.", "Nothing to do; the next source is asked."),
  NoData: words("Keepa has no data of this ASIN.", "Check the ASIN and the shop."),
  UnexpectedShape: words(
    "Keepa sent a product in an unknown form.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  ServerError: words("Keepa has a fault of its own.", "Wait; the call is tried again."),
  AnswerTooLarge: words(
    "Keepa's answer was larger than 8 MB.",
    "Report this with the ASIN; the next source is asked meanwhile.",
  ),
  UnreadableAnswer: words("Keepa's answer could not be read.", "Wait; the call is tried again."),
  Timeout: words("Keepa did not answer in time.", "Wait; the call is tried again."),
  NetworkError: words("Keepa could not be reached.", "Check the network connection."),
};
const UNKNOWN = words("Keepa failed in an unknown way.", "Wait; the call is tried again.");

/** Explains one of the source's codes. */
export const explain = (code: string): SourceWords => (Object.hasOwn(WORDS, code) ? (WORDS[code] ?? UNKNOWN) : UNKNOWN);
