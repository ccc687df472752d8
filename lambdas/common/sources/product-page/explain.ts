import { ABORTED, type SourceWords, withNextStep } from "../../core/sources/explain-state.ts";

const USE_AN_API = "Leave it alone for an hour, and prefer one of Amazon's APIs or Keepa: pages are a last resort.";

const WORDS: Readonly<Record<string, SourceWords>> = {
  Captcha: withNextStep("Amazon asks to type characters, because it takes us for a robot.", USE_AN_API),
  ClickThroughWall: withNextStep("Amazon asks for a click before it shows pages.", USE_AN_API),
  JsChallenge: withNextStep("Amazon asks the browser to run a script before it shows pages.", USE_AN_API),
  PageUnavailable: withNextStep("Amazon answered with its error page.", "Wait; the call is tried again."),
  TooManyRequests: withNextStep("Amazon asks for fewer requests.", USE_AN_API),
  throttled: withNextStep("The shop refuses every request for a page.", USE_AN_API),
  PageNotFound: withNextStep("The shop has no page of this ASIN.", "Check the ASIN and the shop."),
  SignInRequired: withNextStep("The shop sent us to its sign-in page.", "Nothing to do; we never sign in."),
  RedirectedAway: withNextStep("The shop sent us elsewhere than to a product.", "Check the ASIN and the shop."),
  RedirectedAsin: withNextStep(
    "The shop shows another product under this ASIN.",
    "Use the ASIN that the page shows, if it is the one you mean.",
  ),
  UnknownPage: withNextStep("The page is of no known layout.", "Report this with the ASIN."),
  AnswerTooLarge: withNextStep("The page is larger than 3 MB.", "Report this with the ASIN."),
  MarketplaceNotServed: withNextStep("There is no such shop.", "Use one such as www.amazon.com."),
  RobotsDisallowed: withNextStep(
    "The shop's robots.txt does not allow product pages.",
    "Use one of Amazon's APIs or Keepa for this shop.",
  ),
  RobotsUnreachable: withNextStep("The shop's robots.txt could not be read.", "Wait; it is tried again."),
  Aborted: ABORTED,
  Timeout: withNextStep("The shop did not answer in time.", "Wait; the call is tried again."),
  NetworkError: withNextStep("The shop could not be reached.", "Check the network connection."),
};
const UNKNOWN = withNextStep("The page could not be fetched.", "Wait; the call is tried again.");

/** Explains one of the source's codes. */
export const explain = (code: string): SourceWords => (Object.hasOwn(WORDS, code) ? (WORDS[code] ?? UNKNOWN) : UNKNOWN);
