import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { classifyKeepa } from "../../core/sources/known/keepa/failure-codes.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { jsonOf, type UpstreamReply } from "../calling/call-upstream.ts";
import { explain } from "./explain.ts";
import { type KeepaEnvelope, KeepaEnvelopeSchema } from "./schema.ts";

/**
 * What an envelope says about the token bucket. The envelope of a refused key is all zeros, which is no reading.
 */
export const signalsOf = (envelope: KeepaEnvelope): LimitSignals => {
  const { tokensLeft, refillIn, refillRate } = envelope;
  if (!refillRate && !refillIn && !tokensLeft) return {};
  return {
    ...(typeof tokensLeft === "number" ? { tokensLeft } : {}),
    ...(typeof refillIn === "number" ? { refillInMs: refillIn } : {}),
    ...(typeof refillRate === "number" ? { refillPerMinute: refillRate } : {}),
  };
};

/** Time until the balance is above zero again: the next refill, and further ones when the balance is negative. */
const pauseMs = (envelope: KeepaEnvelope): number | undefined => {
  if (typeof envelope.refillIn !== "number" || envelope.refillIn <= 0) return undefined;
  const deficit = Math.max(0, -(envelope.tokensLeft ?? 0));
  const rate = envelope.refillRate ?? 0;
  return Math.ceil(envelope.refillIn + (rate > 0 ? (deficit / rate) * 60_000 : 0));
};

const codeOf = (status: number, envelope: KeepaEnvelope | undefined): string => {
  if (status === 429) return "NotEnoughTokens";
  if (status === 402) return "NoAccess";
  if (status === 401 || status === 403) return "InvalidKey";
  if (status >= 500) return "ServerError";
  // Only the envelope of zeros distinguishes a refused key from a refused parameter.
  if (envelope && Object.keys(signalsOf(envelope)).length === 0 && envelope.error) return "InvalidKey";
  if (status === 404) return "NotInPlan";
  return status === 200 && !envelope ? "UnreadableAnswer" : "BadRequest";
};

/**
 * The envelope of an answer that succeeded.
 * @throws SourceError for every other status, and for a 200 that carries an `error` or no JSON
 */
export const readEnvelope = (reply: UpstreamReply): KeepaEnvelope => {
  const parsed = KeepaEnvelopeSchema.safeParse(jsonOf(reply.body));
  const envelope = parsed.success ? parsed.data : undefined;
  if (reply.status === 200 && envelope && !envelope.error) return envelope;
  const code = codeOf(reply.status, envelope);
  const said = envelope?.error?.message ? ` (${envelope.error.message})` : "";
  const pause = code === "NotEnoughTokens" && envelope ? pauseMs(envelope) : undefined;
  throw new SourceError("keepa", {
    code,
    status: reply.status,
    failureClass: classifyKeepa(code),
    message: `${explain(code).reason}${said}`,
    signals: { ...(envelope ? signalsOf(envelope) : {}), ...(pause === undefined ? {} : { retryAfterMs: pause }) },
  });
};
