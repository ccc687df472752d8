import { type Reply, ReplyError } from "../shared/server/reply.ts";

/** A whole-call failure: flat, with `type` and, mostly, `reason`. */
export const creatorsError = (
  status: number,
  type: string,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): ReplyError => new ReplyError({ status, body: { type, message, ...extra }, headers });

/** 400, one or more fields of the request are wrong. */
export const fieldError = (fields: readonly string[], message = "Request validation failed."): ReplyError =>
  creatorsError(400, "ValidationException", message, { reason: "FieldValidationFailed", fieldList: fields });

export const unauthorized = (reason: string, message: string): ReplyError =>
  creatorsError(401, "UnauthorizedException", message, { reason });

/** 5xx in the API's form. */
export const creatorsFault = (status: number): Reply => ({
  status,
  body: { type: "InternalServerException", message: "An unexpected error occurred while processing your request." },
});
