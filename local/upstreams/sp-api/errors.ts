import { type Reply, ReplyError } from "../shared/server/reply.ts";

const TYPES: Readonly<Record<number, string>> = {
  400: "InvalidInputException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  429: "QuotaExceededException",
};

/** An error body of SP-API: always a list of one. */
export const spBody = (code: string, message: string, details = ""): { errors: readonly unknown[] } => ({
  errors: [{ code, message, details }],
});

export const spError = (status: number, code: string, message: string, details = ""): ReplyError =>
  new ReplyError({
    status,
    body: spBody(code, message, details),
    headers: { "x-amzn-errortype": TYPES[status] ?? "InternalFailure" },
  });

export const invalidInput = (message: string): ReplyError => spError(400, "InvalidInput", message);

export const quotaExceeded = (): ReplyError =>
  spError(429, "QuotaExceeded", "You exceeded your quota for the requested resource.");

export const denied = (details = ""): ReplyError =>
  spError(403, "Unauthorized", "Access to requested resource is denied.", details);

/** 5xx in the API's form. */
export const spFault = (status: number): Reply => ({
  status,
  body: spBody(status === 503 ? "ServiceUnavailable" : "InternalFailure", "The request could not be processed."),
});
