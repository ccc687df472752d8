import type { SourceId } from "../../core/source-ids.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { gateOf, SlotMissed } from "../../core/sources/upstream/send-gate.ts";
import type { OpenRequest, UpstreamFetch } from "../../core/sources/upstream/upstream-fetch.ts";

/** An upstream's answer, read to its end. */
export interface UpstreamReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** One HTTP request as a source makes it. */
export interface UpstreamCall {
  readonly source: SourceId;
  readonly fetch: UpstreamFetch;
  readonly url: string;
  readonly init?: RequestInit;
  readonly signal: AbortSignal;
  /** Whether the request is made beside the call, as one for a token is: it waits for no slot. @default false */
  readonly beside?: boolean;
  /** Bytes after which reading stops with `AnswerTooLarge`. @default MAX_ANSWER_BYTES */
  readonly maxBytes?: number;
}

/**
 * Bytes of an answer that are read at most, counted after decompression. The largest real ones (ten products with all
 * their offers, or with years of prices) stay below 1 MB; the memory of a function holds several of these.
 */
export const MAX_ANSWER_BYTES = 8_388_608;

const fail = (call: UpstreamCall, cause: unknown): SourceError | SlotMissed => {
  if (cause instanceof SourceError || cause instanceof SlotMissed) return cause;
  const reason: unknown = call.signal.aborted ? call.signal.reason : undefined;
  if (reason instanceof SlotMissed) return reason;
  const timedOut = reason instanceof Error && reason.name === "TimeoutError";
  const code = timedOut ? "Timeout" : call.signal.aborted ? "Aborted" : "NetworkError";
  const host = new URL(call.url).host;
  const messages = {
    Timeout: `${host} did not answer in time`,
    Aborted: `the call to ${host} was stopped`,
    NetworkError: `${host} could not be reached`,
  };
  return new SourceError(call.source, {
    code,
    status: null,
    failureClass: "retriable",
    message: messages[code],
    cause,
  });
};

const readCapped = async (call: UpstreamCall, response: Response, maxBytes: number): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new SourceError(call.source, {
        code: "AnswerTooLarge",
        status: response.status,
        failureClass: "permanent",
        message: `the answer is larger than ${maxBytes} bytes`,
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

/** The answer's head. A call's request is written and its connection opened first; then it waits at the call's gate. */
const send = async ({ fetch, url, init: given, signal, beside }: UpstreamCall): Promise<Response> => {
  const init: RequestInit = { ...given, redirect: "manual", signal };
  const gate = beside ? undefined : gateOf(signal);
  if (!gate) return fetch(url, init);
  let request: OpenRequest | undefined = await fetch.connections?.open(url, init);
  await gate.arrive();
  // Closed while it waited: another one may be open in time, which the gate decides.
  if (request?.isOpen() === false) request = await fetch.connections?.open(url, init);
  gate.pass();
  const response = await (request ? request.send() : fetch(url, init));
  gate.answered();
  return response;
};

/**
 * Makes one HTTP call and reads its whole body, for any status. Redirects are not followed: that would be a second call
 * in one slot, and would send the request, with its secrets, to another address.
 * @throws SourceError `Timeout`, `Aborted`, `NetworkError` (retriable, status null) or `AnswerTooLarge` (permanent)
 * @throws SlotMissed when the call's slot was over before the request could be sent
 */
export const callUpstream = async (call: UpstreamCall): Promise<UpstreamReply> => {
  try {
    const response = await send(call);
    const body = await readCapped(call, response, call.maxBytes ?? MAX_ANSWER_BYTES);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    throw fail(call, error);
  }
};

/** The body as JSON; undefined when it is no JSON, for which callers throw the error of the status. */
export const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/**
 * Pause that a `Retry-After` header asks for, in milliseconds from `now`: seconds or an HTTP date.
 * Undefined when it is absent or unreadable.
 */
export const readRetryAfterMs = (headers: Headers, now: number): number | undefined => {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};
