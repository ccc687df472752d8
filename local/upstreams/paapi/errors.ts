import { type Reply, ReplyError } from "../shared/server/reply.ts";

/** A whole-call failure of PA-API: `__type` and one entry of `Errors`. */
export const paapiError = (status: number, exception: string, code: string, message: string): ReplyError =>
  new ReplyError({
    status,
    body: { __type: `com.amazon.paapi5#${exception}`, Errors: [{ Code: code, Message: message }] },
  });

/** 400, a value that the operation does not take. */
export const invalidValue = (message: string): ReplyError =>
  paapiError(400, "ValidationException", "InvalidParameterValue", message);

/** 400, a key that is missing. */
export const missingKey = (name: string): ReplyError =>
  paapiError(400, "ValidationException", "MissingParameter", `The ${name} parameter is missing from the request.`);

/** One entry of `Errors` in an answer that is otherwise a success. */
export const errorData = (code: string, message: string): Record<string, unknown> => ({
  __type: "com.amazon.paapi5#ErrorData",
  Code: code,
  Message: message,
});

/** 5xx as the framework below PA-API writes it: no `Errors`, a lower-case `message`. */
export const paapiFault = (status: number): Reply => ({
  status,
  body: {
    __type: "com.amazon.coral.service#InternalFailure",
    message: "The request processing has failed because of an unknown error, exception or failure.",
  },
});
