import { classifyWith, type FailureTable } from "../../failure-codes.ts";

/**
 * Codes that the Keepa client gives, by what the HTTP status and the envelope say: Keepa itself names hardly any.
 * @see https://github.com/keepacom/api_backend (KeepaAPI, RequestError)
 */
export const KEEPA_FAILURES: FailureTable = {
  // Final here; the next source is asked.
  BadRequest: "permanent",
  NotInPlan: "permanent",
  MarketplaceNotServed: "permanent",
  NotAccessible: "permanent",
  UnexpectedShape: "permanent",
  AnswerTooLarge: "permanent",
  // Final, and remembered.
  NoData: "not_found",
  // Pace and blocks.
  NotEnoughTokens: "throttled",
  // Trouble that may pass.
  ServerError: "retriable",
  UnreadableAnswer: "retriable",
  Timeout: "retriable",
  NetworkError: "retriable",
  Aborted: "retriable",
  // Credentials and account.
  InvalidKey: "critical",
  NoAccess: "critical",
};

/** The class of one of these codes; an unknown one may pass. */
export const classifyKeepa = classifyWith(KEEPA_FAILURES);
