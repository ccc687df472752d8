import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { classifySpApi, SP_API_FAILURES } from "../../core/sources/known/sp-api/failure-codes.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { jsonOf, readRetryAfterMs, type UpstreamReply } from "../calling/call-upstream.ts";
import { explain } from "./explain.ts";
import { SpApiErrorsSchema } from "./schema.ts";

/** Builds this source's error; class and text follow from the code. */
export const spApiError = (
  code: string,
  status: number | null,
  details: { said?: string | null; signals?: LimitSignals; tokenRefused?: boolean } = {},
): SourceError =>
  new SourceError("sp-api", {
    code,
    status,
    failureClass: classifySpApi(code),
    message: details.said ? `${explain(code).reason} (${details.said})` : explain(code).reason,
    signals: details.signals ?? {},
    tokenRefused: details.tokenRefused ?? false,
  });

/** The account's rate from `x-amzn-RateLimit-Limit` (calls per second) and the pause from `Retry-After`. */
export const signalsOf = (headers: Headers, now: number): LimitSignals => {
  const rate = Number(headers.get("x-amzn-ratelimit-limit") ?? Number.NaN);
  const pause = readRetryAfterMs(headers, now);
  return {
    ...(Number.isFinite(rate) && rate > 0 ? { ratePerSecond: rate } : {}),
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
  };
};

const BY_STATUS: Readonly<Record<number, string>> = {
  400: "InvalidInput",
  403: "Unauthorized",
  404: "NOT_FOUND",
  429: "QuotaExceeded",
  503: "ServiceUnavailable",
};

/** Words of a 403 that is about the token, although its code is that of missing rights. */
const ABOUT_TOKEN = /access token.{0,200}(?:expired|revoked|malformed|invalid)/i;
const TOKEN_CODE = "AccessTokenExpired";

/** Code of a refusal: the status decides where it is clear, because bodies name the same cause in several ways. */
export const codeFor = (status: number, body: unknown): { readonly code: string; readonly said: string | null } => {
  const parsed = SpApiErrorsSchema.safeParse(body);
  const first = parsed.success ? parsed.data.errors[0] : undefined;
  const said = [first?.message, first?.details].filter(Boolean).join(" ") || null;
  if (status === 401 || (status === 403 && ABOUT_TOKEN.test(said ?? ""))) return { code: TOKEN_CODE, said };
  const byStatus = BY_STATUS[status] ?? (status >= 500 ? "InternalFailure" : undefined);
  const own = first !== undefined && Object.hasOwn(SP_API_FAILURES, first.code) ? first.code : undefined;
  return { code: status === 400 ? (own ?? "InvalidInput") : (byStatus ?? own ?? "InternalFailure"), said };
};

/** The error of an answer that is not 200. */
export const errorFromReply = (reply: UpstreamReply, signals: LimitSignals): SourceError => {
  const { code, said } = codeFor(reply.status, jsonOf(reply.body));
  return spApiError(code, reply.status, { said, signals, tokenRefused: code === TOKEN_CODE });
};
