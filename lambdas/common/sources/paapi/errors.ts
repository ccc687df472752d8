import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { classifyPaapi } from "../../core/sources/known/paapi/failure-codes.ts";
import type { SourceItemFailure } from "../../core/sources/source-client.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { jsonOf, readRetryAfterMs, type UpstreamReply } from "../calling/call-upstream.ts";
import { explain } from "./explain.ts";
import { type PaapiAnswer, PaapiAnswerSchema } from "./schema.ts";

/** Builds this source's error; class and text follow from the code. */
export const paapiError = (
  code: string,
  status: number | null,
  details: { said?: string | null; signals?: LimitSignals } = {},
): SourceError =>
  new SourceError("paapi", {
    code,
    status,
    failureClass: classifyPaapi(code),
    message: details.said ? `${explain(code).reason} (${details.said})` : explain(code).reason,
    signals: details.signals ?? {},
  });

/** `com.amazon.paapi5#TooManyRequestsException` → `TooManyRequests`. */
const codeOfType = (type: string | null | undefined): string | undefined =>
  type
    ?.split("#")
    .at(-1)
    ?.replace(/Exception$/, "") || undefined;

const codeOf = (status: number, answer: PaapiAnswer | undefined): string => {
  if (status === 429) return "TooManyRequests";
  const named = answer?.Errors?.[0]?.Code ?? codeOfType(answer?.__type);
  if (named) return named;
  return status >= 500 ? "InternalFailure" : "UnreadableAnswer";
};

/**
 * The answer of a call that succeeded, perhaps with errors about single ids inside.
 * @throws SourceError for every other status and for a body that is no JSON
 */
export const readAnswer = (reply: UpstreamReply, now: number): PaapiAnswer => {
  const parsed = PaapiAnswerSchema.safeParse(jsonOf(reply.body));
  const answer = parsed.success ? parsed.data : undefined;
  if (reply.status === 200 && answer) return answer;
  const pause = readRetryAfterMs(reply.headers, now);
  throw paapiError(codeOf(reply.status, answer), reply.status, {
    said: answer?.Errors?.[0]?.Message ?? answer?.message ?? null,
    signals: pause === undefined ? {} : { retryAfterMs: pause },
  });
};

/** Errors about single ids. Only the message names an id; an error without one is about the ids without an answer. */
export const itemFailures = (answer: PaapiAnswer, asked: readonly string[]): SourceItemFailure[] =>
  (answer.Errors ?? []).flatMap((error) => {
    const message = error.Message ?? explain(error.Code).reason;
    const named = asked.filter((asin) => message.includes(asin));
    return (named.length > 0 ? named : [""]).map((asin) => ({ asin, code: error.Code, message }));
  });

/**
 * The answer of a search or a family, where an error inside a 200 is about the whole call. Only `NoResults` means that
 * there is nothing.
 * @throws SourceError for any other error in it
 */
export const assertWhole = (answer: PaapiAnswer): void => {
  const error = answer.Errors?.find(({ Code }) => Code !== "NoResults");
  if (error) throw paapiError(error.Code, 200, { said: error.Message ?? null });
};
