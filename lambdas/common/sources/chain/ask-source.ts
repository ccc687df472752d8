import { errorWords } from "../../core/error-words.ts";
import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import type { RefusalReason } from "../../core/limiter/rate-limiter.ts";
import type { SourceAnswer } from "../../core/sources/source-client.ts";
import type { SourceOperation } from "../../core/sources/source-descriptor.ts";
import type { SourceError } from "../../core/sources/source-error.ts";
import { absorbAnswer, takeItemFailure } from "./absorb-answer.ts";
import { itemFailuresIn } from "./calls/counted-call.ts";
import { fillCall } from "./calls/fill-call.ts";
import { type PacedResult, pacedCall } from "./calls/paced-call.ts";
import type { Candidate, Halt, RefusalNote } from "./candidate.ts";
import { addCall, type ChainPass } from "./chain-pass.ts";
import type { ReadySource } from "./chain-source.ts";
import { chunkCalls } from "./plan/chunk-calls.ts";
import { takeShortCall } from "./plan/short-call.ts";

/** One operation of one source over the candidates of one shop. */
export interface Ask {
  readonly source: ReadySource;
  readonly operation: SourceOperation;
  readonly marketplace: string;
  readonly candidates: readonly Candidate[];
  /** Whether calls may get company: products that no source was asked about yet. @default false */
  readonly mayGrow?: boolean;
  readonly fetch: (asins: readonly string[], signal: AbortSignal) => Promise<SourceAnswer>;
}

/** Throttles in a row after which the remaining products come back later. */
const MAX_THROTTLES = 3;
/** Wait after a throttle that names none. */
const DEFAULT_THROTTLE_MS = 5_000;
/** A source that asks for a longer silence counts as unavailable for now: the next one may be asked. */
const LONG_SILENCE_MS = 60_000;
/** Wait when the limiter's store cannot be reached. */
const LIMITER_RETRY_MS = 30_000;

const halt = (candidates: readonly Candidate[], why: Halt): void => {
  for (const candidate of candidates) candidate.halted = why;
};

const refuse = (candidates: readonly Candidate[], why: RefusalNote): void => {
  for (const candidate of candidates) candidate.refusals.push(why);
};

/** Splits the candidates of a rejected call into smaller calls. */
const isolate = (chunk: readonly Candidate[], idsPerCall: number): Candidate[][] => {
  const company = chunk.length > Math.ceil(idsPerCall / 2) ? 1 : 2;
  for (const candidate of chunk) candidate.company = Math.max(candidate.company, company);
  return chunkCalls(chunk, idsPerCall);
};

const pausedUntil = async (pass: ChainPass, ask: Ask): Promise<number | null> => {
  try {
    return (await pass.deps.limiter.state(ask.source.limitFor(ask.operation))).blockedUntilMs;
  } catch (error) {
    pass.warnings.push(`limiter state of ${ask.source.descriptor.id} unknown: ${errorWords(error)}`);
    return null;
  }
};

const waitAfter = (signals: LimitSignals): number => Math.max(1, signals.retryAfterMs ?? DEFAULT_THROTTLE_MS);

interface Queue {
  chunks: Candidate[][];
  throttles: number;
}

const takeRetriable = (
  ask: Ask,
  chunk: readonly Candidate[],
  queue: Queue,
  failed: PacedResult<SourceAnswer> & { kind: "failed" },
): void => {
  const { code, message } = failed.error;
  // Without a token this source can make no call now; that says nothing about any product.
  const touched = failed.beforeCall ? [chunk, ...queue.chunks].flat() : chunk;
  if (failed.beforeCall) queue.chunks = [];
  const blame = !failed.probe && !failed.beforeCall;
  for (const candidate of touched) {
    candidate.retriable.push({
      source: ask.source.descriptor.id,
      code,
      message,
      counts: blame && chunk.length === 1,
      suspicion: blame && chunk.length > 1,
    });
  }
};

const takeFailure = async (
  pass: ChainPass,
  ask: Ask,
  chunk: Candidate[],
  queue: Queue,
  failed: PacedResult<SourceAnswer> & { kind: "failed" },
): Promise<void> => {
  const error: SourceError = failed.error;
  const source = ask.source.descriptor.id;
  switch (error.failureClass) {
    case "throttled": {
      queue.throttles += 1;
      queue.chunks.unshift(chunk);
      const waitMs = waitAfter(error.signals);
      const isLong = waitMs > LONG_SILENCE_MS;
      if (!isLong && queue.throttles < MAX_THROTTLES) return;
      const retryAtMs = pass.deps.clock.now() + waitMs;
      const why = { reason: "rate", source, retryAtMs, detail: `${source} asks for a slower pace` } as const;
      if (isLong) refuse(queue.chunks.flat(), { ...why, code: why.reason });
      else halt(queue.chunks.flat(), why);
      queue.chunks = [];
      return;
    }
    case "critical": {
      const retryAtMs = await pausedUntil(pass, ask);
      const detail = `${error.code}: ${error.message}`;
      const { limitKey } = ask.source.limitFor(ask.operation);
      refuse([chunk, ...queue.chunks].flat(), {
        ...{ source, reason: "paused", code: error.code, retryAtMs, detail, limitKey },
      });
      queue.chunks = [];
      return;
    }
    case "retriable":
      takeRetriable(ask, chunk, queue, failed);
      return;
    case "permanent":
    case "not_found": {
      // A token that is too large, say: that is no answer about these products.
      if (failed.beforeCall) return takeRetriable(ask, chunk, queue, failed);
      const [only] = chunk;
      if (chunk.length > 1 || !only) queue.chunks.push(...isolate(chunk, ask.operation.idsPerCall));
      else {
        only.answered.add(source);
        only.failures.push({ source, code: error.code, message: error.message, failureClass: error.failureClass });
      }
    }
  }
};

/** The key of the breaker that refused; nothing for other refusals. */
const breakerOf = (ask: Ask, reason: RefusalReason): Pick<RefusalNote, "limitKey"> =>
  reason === "circuit-open" || reason === "paused" ? { limitKey: ask.source.limitFor(ask.operation).limitKey } : {};

const takeRefusal = (
  pass: ChainPass,
  ask: Ask,
  rest: readonly Candidate[],
  result: PacedResult<SourceAnswer> & { kind: "refused" },
) => {
  const { reason, retryAtMs, detail, code = reason } = result.refusal;
  const source = ask.source.descriptor.id;
  const words = detail ?? `${source} is refused for ${reason}`;
  const isSoon = retryAtMs - pass.deps.clock.now() <= LONG_SILENCE_MS;
  if (reason === "rate" && isSoon) halt(rest, { reason, source, retryAtMs, detail: words });
  else refuse(rest, { source, reason, code, retryAtMs, detail: words, ...breakerOf(ask, reason) });
};

/**
 * How many ids of a call that the day's quota refused still fit into the rest of the day, where each id costs units
 * (Keepa's tokens). 0 when none fit, or when the whole call costs no more than one id.
 */
const affordable = async (pass: ChainPass, ask: Ask, ids: number): Promise<number> => {
  const { cost } = ask.operation;
  if (ids <= 1 || cost(ids) <= cost(1)) return 0;
  try {
    const { leftToday } = await pass.deps.limiter.state(ask.source.limitFor(ask.operation));
    return Math.min(Math.floor(ids / 2), Math.floor((leftToday ?? 0) / cost(1)));
  } catch (error) {
    pass.warnings.push(`limiter state of ${ask.source.descriptor.id} unknown: ${errorWords(error)}`);
    return 0;
  }
};

const callOnce = (pass: ChainPass, ask: Ask, chunk: Candidate[]): Promise<PacedResult<SourceAnswer>> =>
  pacedCall(pass.deps, {
    source: ask.source,
    operation: ask.operation,
    marketplace: ask.marketplace,
    ids: () => chunk.length,
    beforeSlot: (slot, leadMs) => fillCall(pass, ask, chunk, slot, leadMs),
    priority: pass.options.priority,
    horizonMs: pass.options.horizonMs,
    run: (signal) =>
      ask.fetch(
        chunk.map(({ asin }) => asin),
        signal,
      ),
  });

/** The candidates that a call may carry. The others get their failure here, at no cost. */
const screened = ({ source, candidates }: Ask): Candidate[] => {
  const failures = source.client.screen?.(candidates.map(({ asin }) => asin)) ?? [];
  return candidates.filter((candidate) => {
    const failure = failures.find(({ asin }) => asin === candidate.asin);
    if (failure) takeItemFailure(source, candidate, failure);
    return failure === undefined;
  });
};

/**
 * Asks one source about the candidates of one shop, call by call, each in its own slot. Every candidate gets the
 * result: fields, failures, a refusal (the next source may be asked) or a halt (no further source is asked now).
 *
 * Ids that the source can only refuse are sorted out before any slot is taken.
 * A refusal for `rate` halts the remaining candidates, because the source will serve them soon. Any other refusal, and
 * a silence of more than a minute (an upstream's own day may end before ours), sends them on to the next source. A
 * rejected call of several ids is repeated in halves, then one by one, so that one bad id never fails its neighbours.
 * A call that failed for a passing reason is not repeated here: its candidates continue to the next source and come back
 * later.
 */
export const askSource = async (pass: ChainPass, ask: Ask): Promise<void> => {
  const { id } = ask.source.descriptor;
  const queue: Queue = { chunks: takeShortCall(pass, { ...ask, candidates: screened(ask) }), throttles: 0 };
  for (let chunk = queue.chunks.shift(); chunk; chunk = queue.chunks.shift()) {
    const current = chunk;
    const rest = (): Candidate[] => [current, ...queue.chunks].flat();
    let result: PacedResult<SourceAnswer>;
    try {
      result = await callOnce(pass, ask, chunk);
    } catch (error) {
      const retryAtMs = pass.deps.clock.now() + LIMITER_RETRY_MS;
      const detail = `no call may start: ${error instanceof Error ? error.message : String(error)}`;
      pass.stopped = { reason: "limiter-unavailable", source: id, retryAtMs, detail };
      pass.warnings.push(detail);
      return halt(rest(), pass.stopped);
    }
    if (result.kind === "stopped" && result.follows) {
      const detail = `goes with a call that follows: ${chunk.length} of ${ask.operation.idsPerCall} ids`;
      halt(chunk, { reason: "short-call", source: id, retryAtMs: pass.deps.clock.now(), detail });
      continue;
    }
    if (result.kind === "stopped") {
      pass.stopped = { reason: "deadline", source: null, retryAtMs: null, detail: "the caller stopped the enrichment" };
      return halt(rest(), pass.stopped);
    }
    if (result.kind === "refused") {
      const few = result.refusal.reason === "daily-quota" ? await affordable(pass, ask, chunk.length) : 0;
      if (few < 1) return takeRefusal(pass, ask, rest(), result);
      queue.chunks.unshift(chunk.slice(0, few), chunk.slice(few));
      continue;
    }
    pass.warnings.push(...result.warnings);
    for (const candidate of chunk) candidate.calls += 1;
    if (result.kind === "failed") {
      addCall(pass, id, chunk.length, result.error.failureClass === "throttled" ? "throttled" : "failed");
      await takeFailure(pass, ask, chunk, queue, result);
      continue;
    }
    queue.throttles = 0;
    addCall(pass, id, chunk.length, "ok");
    pass.deps.countCall?.({
      source: id,
      operation: ask.operation.name,
      marketplace: ask.marketplace,
      ids: chunk.length,
      outcome: "success",
      code: null,
      message: null,
      itemFailures: itemFailuresIn(result.answer),
      durationMs: result.durationMs,
    });
    await absorbAnswer(pass, ask.source, ask.operation.name, chunk, result.answer);
  }
};
