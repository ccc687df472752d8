import * as z from "zod";
import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { classifyCreatorsApi } from "../../core/sources/known/creators-api/failure-codes.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { jsonOf, readRetryAfterMs, type UpstreamReply } from "../calling/call-upstream.ts";
import { list, number, text } from "../reading/lenient-leaves.ts";

/**
 * An error of a whole call. The documentation names the discriminator `type`, one of its pages `__type` with a
 * namespace. `fieldList` is a list of names there and of `{name, message}` in the SDK. All forms are read.
 */
export const ErrorBodySchema = z.looseObject({
  type: text,
  __type: text,
  message: text,
  reason: text,
  fieldList: list(z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)])),
  retryAfterSeconds: number,
  resourceType: text,
});
export type ErrorBody = z.infer<typeof ErrorBodySchema>;

/** The error type without its namespace, or null when the body is no error of the API. */
export const errorTypeOf = (body: ErrorBody): string | null => {
  const type = body.type ?? body.__type;
  return type ? type.slice(type.indexOf("#") + 1) : null;
};

const GENERIC_REASONS = new Set(["Other", ""]);

const codeOf = (status: number, body: ErrorBody): string => {
  if (body.fieldList.some((field) => field.toLowerCase() === "partnertag")) return "InvalidPartnerTag";
  if (body.reason && !GENERIC_REASONS.has(body.reason)) return body.reason;
  const type = errorTypeOf(body);
  if (type) return type;
  if (status === 401) return "UnauthorizedException";
  if (status === 403) return "AccessDeniedException";
  if (status === 429) return "ThrottleException";
  return status >= 500 ? "ServiceUnavailable" : `Http${status}`;
};

const signalsOf = (reply: UpstreamReply, body: ErrorBody, now: number): LimitSignals => {
  const seconds = body.retryAfterSeconds;
  const asked = typeof seconds === "number" && seconds >= 0 ? seconds * 1000 : undefined;
  const retryAfterMs = asked ?? readRetryAfterMs(reply.headers, now);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
};

/** Whether a refusal says that the token, not the credential, is no longer valid. */
const isTokenRefusal = (status: number, code: string): boolean =>
  status === 401 && (code === "TokenExpired" || code === "InvalidToken");

/** A SourceError with one of the API's codes and the class that the table gives it. */
export const creatorsApiError = (
  code: string,
  details: {
    status: number | null;
    message: string;
    signals?: LimitSignals;
    tokenRefused?: boolean;
    cause?: unknown;
  },
): SourceError => new SourceError("creators-api", { code, failureClass: classifyCreatorsApi(code), ...details });

/** The SourceError of a refused call. */
export const errorFromReply = (reply: UpstreamReply, now: number): SourceError => {
  const parsed = ErrorBodySchema.safeParse(jsonOf(reply.body));
  const body: ErrorBody = parsed.success ? parsed.data : ErrorBodySchema.parse({});
  // The status alone shows pace and health: an error page of a proxy has no code.
  const spoken = codeOf(reply.status, body);
  const known = classifyCreatorsApi(spoken);
  const code =
    reply.status === 429 && known !== "throttled"
      ? "ThrottleException"
      : reply.status >= 500 && known !== "retriable"
        ? "ServiceUnavailable"
        : spoken;
  const details = body.fieldList.length > 0 ? ` (fields: ${body.fieldList.join(", ")})` : "";
  const message = `${body.message ?? `the Creators API answered HTTP ${reply.status}`}${details}`;
  return creatorsApiError(code, {
    status: reply.status,
    message,
    signals: signalsOf(reply, body, now),
    tokenRefused: isTokenRefusal(reply.status, code),
  });
};
