import { classifyWith, type FailureTable } from "../../failure-codes.ts";

/**
 * Codes of PA-API 5.0 and of single ids inside its answers, and those of the client itself.
 * @see https://webservices.amazon.com/paapi5/documentation/troubleshooting/error-messages.html
 */
export const PAAPI_FAILURES: FailureTable = {
  // Final here; the next source is asked.
  MissingPartnerTag: "permanent",
  InvalidParameterValue: "permanent",
  MissingParameter: "permanent",
  UnknownOperation: "permanent",
  ItemNotAccessible: "permanent",
  NotReturned: "permanent",
  UnexpectedShape: "permanent",
  AnswerTooLarge: "permanent",
  // Final, and remembered.
  NoResults: "not_found",
  // Pace and blocks.
  TooManyRequests: "throttled",
  RequestThrottled: "throttled",
  // Trouble that may pass.
  RequestExpired: "retriable",
  InternalFailure: "retriable",
  UnreadableAnswer: "retriable",
  Timeout: "retriable",
  NetworkError: "retriable",
  Aborted: "retriable",
  // Credentials and account.
  AccessDenied: "critical",
  AccessDeniedAwsUsers: "critical",
  InvalidAssociate: "critical",
  AssociateNotEligible: "critical",
  InvalidPartnerTag: "critical",
  IncompleteSignature: "critical",
  InvalidSignature: "critical",
  UnrecognizedClient: "critical",
};

/** The class of one of these codes; an unknown one may pass. */
export const classifyPaapi = classifyWith(PAAPI_FAILURES);
