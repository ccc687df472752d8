import { classifyWith, type FailureTable } from "../../failure-codes.ts";

/**
 * Codes of the product page: what Amazon sent instead of a product, and what kept us from asking.
 */
export const PRODUCT_PAGE_FAILURES: FailureTable = {
  // Final here; the next source is asked.
  SignInRequired: "permanent",
  RedirectedAway: "permanent",
  RedirectedAsin: "permanent",
  UnknownPage: "permanent",
  AnswerTooLarge: "permanent",
  MarketplaceNotServed: "permanent",
  RobotsDisallowed: "permanent",
  // Final, and remembered.
  PageNotFound: "not_found",
  // Pace and blocks.
  Captcha: "throttled",
  ClickThroughWall: "throttled",
  JsChallenge: "throttled",
  TooManyRequests: "throttled",
  // Trouble that may pass.
  PageUnavailable: "retriable",
  RobotsUnreachable: "retriable",
  Timeout: "retriable",
  NetworkError: "retriable",
  Aborted: "retriable",
};

/** The class of one of these codes; an unknown one may pass. */
export const classifyProductPage = classifyWith(PRODUCT_PAGE_FAILURES);
