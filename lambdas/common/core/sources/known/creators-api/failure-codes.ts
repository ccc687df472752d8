import { classifyWith, type FailureTable } from "../../failure-codes.ts";

/**
 * Codes of the Creators API: error types, the finer reasons in them, codes of single ids, and those that the client
 * gives to a missing answer.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/troubleshooting/error-codes-and-messages
 */
export const CREATORS_API_FAILURES: FailureTable = {
  // Single ids, inside an answer.
  InvalidParameterValue: "permanent",
  ItemNotAccessible: "permanent",
  ItemNotFound: "not_found",
  UnreadableItem: "permanent",
  // Requests that are wrong as they are.
  FieldValidationFailed: "permanent",
  CannotParse: "permanent",
  UnknownOperation: "permanent",
  ValidationException: "permanent",
  ResourceNotFoundException: "not_found",
  AnswerTooLarge: "permanent",
  // Pace.
  ThrottleException: "throttled",
  TooManyRequests: "throttled",
  RequestThrottled: "throttled",
  // Trouble that may pass.
  TokenExpired: "retriable",
  InvalidToken: "retriable",
  InternalServerException: "retriable",
  ServiceUnavailable: "retriable",
  TokenServiceUnavailable: "retriable",
  UnreadableAnswer: "retriable",
  Timeout: "retriable",
  NetworkError: "retriable",
  Aborted: "retriable",
  // Credentials and account.
  InvalidPartnerTag: "critical",
  InvalidAssociate: "critical",
  NoPartnerTag: "critical",
  WrongRegion: "critical",
  InvalidClient: "critical",
  InvalidIssuer: "critical",
  MissingClaim: "critical",
  MissingKeyId: "critical",
  UnsupportedClient: "critical",
  MissingCredential: "critical",
  UnauthorizedException: "critical",
  AssociateNotEligible: "critical",
  AuthorizationFailed: "critical",
  AccessDeniedException: "critical",
};

/** The class of a Creators API code; an unknown one may pass. */
export const classifyCreatorsApi = classifyWith(CREATORS_API_FAILURES);
