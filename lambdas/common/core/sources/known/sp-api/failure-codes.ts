import { classifyWith, type FailureTable } from "../../failure-codes.ts";

/**
 * Codes of SP-API and of Login with Amazon, which gives out its tokens, and those of the client itself.
 * @see https://developer-docs.amazon.com/sp-api/docs/lwa-credentials-faq
 */
export const SP_API_FAILURES: FailureTable = {
  // Final here; the next source is asked.
  InvalidInput: "permanent",
  InvalidAsin: "permanent",
  MarketplaceNotServed: "permanent",
  UnsupportedFilter: "permanent",
  UnexpectedShape: "permanent",
  AnswerTooLarge: "permanent",
  // Final, and remembered.
  NOT_FOUND: "not_found",
  NotFound: "not_found",
  // Pace and blocks.
  QuotaExceeded: "throttled",
  // Trouble that may pass.
  AccessTokenExpired: "retriable",
  InternalFailure: "retriable",
  ServiceUnavailable: "retriable",
  UnreadableAnswer: "retriable",
  Timeout: "retriable",
  NetworkError: "retriable",
  Aborted: "retriable",
  // Credentials and account.
  invalid_client: "critical",
  invalid_grant: "critical",
  invalid_request: "critical",
  unauthorized_client: "critical",
  Unauthorized: "critical",
};

/** The class of one of these codes; an unknown one may pass. */
export const classifySpApi = classifyWith(SP_API_FAILURES);
