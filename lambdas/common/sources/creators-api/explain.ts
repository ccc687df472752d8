import { ABORTED, type SourceWords } from "../../core/sources/explain-state.ts";

const SET = "Then store them again: enrichline credentials set creators-api.";

const WORDS: Readonly<Record<string, SourceWords>> = {
  InvalidClient: {
    reason: "Amazon does not accept the client id and secret, or they belong to another region's token service.",
    next_step: `Copy id, secret and version anew from Associates Central, all three from the same line. ${SET}`,
  },
  InvalidIssuer: {
    reason: "The credential version does not match the region that issued the credentials.",
    next_step: `Look up the version printed beside the credentials (such as 3.2 for Europe). ${SET}`,
  },
  AssociateNotEligible: {
    reason: "The account may not use the API now: Amazon asks for 10 qualified sales in the last 30 days.",
    next_step:
      "Wait for sales to be counted; access returns within two days of shipped sales. Nothing needs to be stored again, and other sources continue meanwhile.",
  },
  AuthorizationFailed: {
    reason:
      "The account is not authorised for the Creators API, or the credentials were made for the shops of another region.",
    next_step: `Check in this shop's own Associates Central that API access is granted and that credentials and tag come from there. ${SET}`,
  },
  InvalidPartnerTag: {
    reason: "The partner tag is wrong, or belongs to another shop than the one asked.",
    next_step: `Find the tag of this very shop in its Associates Central. ${SET}`,
  },
  InvalidAssociate: {
    reason: "The credentials are not linked to the partner tag of this shop.",
    next_step: "Link the credentials to the shop's tag in Associates Central, or use credentials made there.",
  },
  NoPartnerTag: {
    reason: "The stored credentials have no partner tag for this shop.",
    next_step: "Add the shop's tag: enrichline credentials set creators-api.",
  },
  WrongRegion: {
    reason: "The stored credentials are good for the shops of another region.",
    next_step: `Make credentials in this shop's own Associates Central. ${SET}`,
  },
  throttled: {
    reason:
      "Amazon refuses every call for its pace. That usually means a key younger than 48 hours, an account without recent sales, or a day's allowance that another tool has used up.",
    next_step:
      "Wait: a new key needs up to 48 hours. If it lasts longer, check in Associates Central that sales were counted in the last 30 days, that the tag belongs to the shop asked, and that no other tool uses the account. Other sources continue meanwhile.",
  },
  UnauthorizedException: {
    reason: "Amazon does not accept these credentials for the Creators API.",
    next_step: `Copy id, secret and version anew from Associates Central, all three from the same line. ${SET}`,
  },
  AccessDeniedException: {
    reason: "Amazon refuses this account access to the Creators API: it is not approved, or not for this shop.",
    next_step: "Check in Associates Central that API access is granted, and that the tag belongs to this account.",
  },
  UnsupportedClient: {
    reason: "These credentials are of a kind that the Creators API does not take.",
    next_step: `Make credentials for the Creators API itself in Associates Central. ${SET}`,
  },
  TooManyRequests: {
    reason:
      "Amazon refuses the call for its pace. On a first call that usually means a key younger than 48 hours, an account without recent sales, or a day's allowance that is used up.",
    next_step: "Wait a day and try again; if it stays so, check sales and that the tag belongs to the shop asked.",
  },
  InternalServerException: {
    reason: "The Creators API has a fault of its own at the moment.",
    next_step: "Try again in a few minutes.",
  },
  ServiceUnavailable: {
    reason: "The Creators API is not available at the moment.",
    next_step: "Try again in a few minutes.",
  },
  UnreadableAnswer: {
    reason: "The Creators API's answer could not be read.",
    next_step: "Try again in a few minutes.",
  },
  AnswerTooLarge: {
    reason: "The Creators API's answer was larger than 8 MB.",
    next_step: "Report this with the ASIN; the next source is asked meanwhile.",
  },
  TokenServiceUnavailable: {
    reason: "Amazon's token service does not work at the moment.",
    next_step: "Try again in a few minutes.",
  },
  ItemNotAccessible: {
    reason: "Amazon does not give this product out by the Creators API.",
    next_step: "Check the ASIN and the shop; the next source is asked.",
  },
  NotReturned: { reason: "Amazon left this product out.", next_step: "Nothing to do; the next source is asked." },
  InvalidParameterValue: { reason: "Amazon does not accept this ASIN.", next_step: "Check the ASIN and the shop." },
  ItemNotFound: { reason: "The shop has no such product.", next_step: "Check the ASIN and the shop." },
  UnreadableItem: { reason: "Amazon sent an item in an unknown form.", next_step: "Report this with the ASIN." },
  ValidationException: { reason: "Amazon refused the request as invalid.", next_step: "Report this with the message." },
  UnknownOperation: { reason: "Amazon does not know this operation.", next_step: "Report this with the message." },
  Aborted: ABORTED,
  Timeout: { reason: "Amazon did not answer in time.", next_step: "Check the network, then try again." },
  NetworkError: { reason: "Amazon could not be reached.", next_step: "Check the network, then try again." },
};

/** Codes that mean the same to the owner of the account. */
const SAME_AS: Readonly<Record<string, string>> = {
  FieldValidationFailed: "ValidationException",
  CannotParse: "ValidationException",
  ResourceNotFoundException: "ItemNotFound",
  MissingClaim: "InvalidIssuer",
  MissingKeyId: "InvalidIssuer",
  MissingCredential: "UnauthorizedException",
  TokenExpired: "UnauthorizedException",
  InvalidToken: "UnauthorizedException",
  RequestThrottled: "TooManyRequests",
  ThrottleException: "TooManyRequests",
};

const wordsOf = (code: string): SourceWords | undefined => (Object.hasOwn(WORDS, code) ? WORDS[code] : undefined);

/** Explains one of the API's codes. For an unknown code the text names it and advises a second try. */
export const explain = (code: string): SourceWords =>
  wordsOf(code) ??
  wordsOf(Object.hasOwn(SAME_AS, code) ? (SAME_AS[code] ?? code) : code) ?? {
    reason: `The Creators API answered with the error ${code}.`,
    next_step: "Try again in a few minutes; if it stays so, look the code up in the Creators API documentation.",
  };
