import type { SourceWords } from "../../core/sources/explain-state.ts";

const words = (reason: string, nextStep: string): SourceWords => ({ reason, next_step: nextStep });
const USE_AN_API = "Leave it alone for an hour, and prefer one of Amazon's APIs or Keepa: pages are a last resort.";

const WORDS: Readonly<Record<string, SourceWords>> = {
  Captcha: words("Amazon asks to type characters, because it takes us for a robot.", USE_AN_API),
  ClickThroughWall: words("Amazon asks for a click before it shows pages.", USE_AN_API),
  JsChallenge: words("Amazon asks the browser to run a script before it shows pages.", USE_AN_API),
  PageUnavailable: words("Amazon answered with its error page.", "Wait; the call is tried again."),
  TooManyRequests: words("Amazon asks for fewer requests.", USE_AN_API),
  throttled: words("The shop refuses every request for a page.", USE_AN_API),
  PageNotFound: words("The shop has no page of this ASIN.", "Check the ASIN and the shop."),
  SignInRequired: words("The shop sent us to its sign-in page.", "Nothing to do; we never sign in."),
  RedirectedAway: words("The shop sent us elsewhere than to a product.", "Check the ASIN and the shop."),
  RedirectedAsin: words(
    "The shop shows another product under this ASIN.",
    "Use the ASIN that the page shows, if it is the one you mean.",
  ),
  UnknownPage: words("The page is of no known layout.", "Report this with the ASIN."),
  AnswerTooLarge: words("The page is larger than 3 MB.", "Report this with the ASIN."),
  MarketplaceNotServed: words("There is no such shop.", "Use one such as www.amazon.com."),
  RobotsDisallowed: words(
    "The shop's robots.txt does not allow product pages.",
    "Use one of Amazon's APIs or Keepa for this shop.",
  ),
  RobotsUnreachable: words("The shop's robots.txt could not be read.", "Wait; it is tried again."),
  Timeout: words("The shop did not answer in time.", "Wait; the call is tried again."),
  NetworkError: words("The shop could not be reached.", "Check the network connection."),
};
const UNKNOWN = words("The page could not be fetched.", "Wait; the call is tried again.");

/** Explains one of the source's codes. */
export const explain = (code: string): SourceWords => (Object.hasOwn(WORDS, code) ? (WORDS[code] ?? UNKNOWN) : UNKNOWN);
