import type { CallOutcome, CallPriority, RateLimit, Refusal, Slot } from "../../core/rate-limiter.ts";
import { type LimitSignals, SourceError, type SourceOperation } from "../../core/source.ts";
import type { ChainDeps } from "./chain-deps.ts";
import type { ReadySource } from "./chain-source.ts";
import { connectionSlackMs, noteCall } from "./connection-slack.ts";
import { reserveSlot } from "./reserve-slot.ts";

/** One upstream call to make when its slot comes. */
export interface PacedCall<Answer> {
  readonly source: ReadySource;
  readonly operation: SourceOperation;
  readonly marketplace: string;
  /** Ids that the call carries, for its cost and the counters. */
  readonly ids: number;
  readonly priority: CallPriority;
  readonly horizon_ms: number;
  readonly run: (signal: AbortSignal) => Promise<Answer>;
}

/** How a paced call ended. `probe`: it was the breaker's probe, so its failure says nothing about its products. */
export type PacedResult<Answer> =
  | {
      readonly kind: "answered";
      readonly answer: Answer;
      readonly duration_ms: number;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "stopped" }
  | {
      readonly kind: "failed";
      readonly error: SourceError;
      readonly probe: boolean;
      readonly before_call: boolean;
      readonly warnings: readonly string[];
    };

const asSourceError = (source: ReadySource, error: unknown, signal: AbortSignal): SourceError => {
  if (error instanceof SourceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SourceError(source.descriptor.id, {
    code: signal.aborted ? "Timeout" : "InternalError",
    status: null,
    failure_class: "retriable",
    message: signal.aborted ? "the upstream did not answer in time" : `unexpected error: ${message}`,
    cause: error,
  });
};

const isStaleToken = (error: SourceError): boolean =>
  error.failure_class === "retriable" && error.status === 401 && error.signals.retry_after_ms === 0;

/** A refused token is no fault of the upstream's health; nor is a request that it rejected in an orderly way. */
const outcomeOf = (error: SourceError, lateness_ms: number): CallOutcome => {
  switch (error.failure_class) {
    case "throttled":
      return { kind: "throttled", signals: error.signals };
    case "critical":
      return { kind: "critical", code: error.code, message: error.message };
    case "retriable":
      return isStaleToken(error)
        ? { kind: "success", signals: {}, lateness_ms }
        : { kind: "unhealthy", signals: error.signals };
    case "permanent":
    case "not_found":
      return { kind: "success", signals: error.signals, lateness_ms };
  }
};

const count = <Answer>(deps: ChainDeps, call: PacedCall<Answer>, error: SourceError, duration_ms: number): void =>
  deps.countCall?.({
    source: call.source.descriptor.id,
    operation: call.operation.name,
    marketplace: call.marketplace,
    ids: call.ids,
    outcome:
      error.failure_class === "throttled" ? "throttled" : error.failure_class === "critical" ? "critical" : "failed",
    code: error.code,
    message: error.message,
    item_failures: {},
    duration_ms,
  });

/** Tells the limiter; its store being away must not cost an answer that the account already paid for. */
const report = async (deps: ChainDeps, limit: RateLimit, slot: Slot, outcome: CallOutcome): Promise<string[]> => {
  try {
    await deps.limiter.report(limit, slot, outcome);
    return [];
  } catch (error) {
    return [`outcome ${outcome.kind} of ${limit.limit_key} was not reported: ${String(error)}`];
  }
};

const critical = (error: SourceError): SourceError =>
  new SourceError(error.source, {
    code: error.code,
    status: error.status,
    failure_class: "critical",
    message: `${error.message} A new token did not help.`,
    cause: error,
  });

/**
 * Makes one upstream call in a slot of its own: token first, then the reservation, the wait for its turn, the call
 * under a time limit, and the report to the limiter. A token that the upstream calls expired is renewed and the
 * call repeated once, in a second slot; a second refusal is critical. A token that cannot be had is reported like
 * a failed call, in the slot that the call would have used, so that breaker and pause see it.
 * @throws TransientError when the limiter's store cannot be reached: then no call was made
 */
export const pacedCall = async <Answer extends { readonly signals: LimitSignals }>(
  deps: ChainDeps,
  call: PacedCall<Answer>,
): Promise<PacedResult<Answer>> => {
  const { source, operation, marketplace } = call;
  const limit = source.limitFor(operation);
  const warnings: string[] = [];
  for (let renewed = false; ; renewed = true) {
    let unready: SourceError | undefined;
    const preparing = AbortSignal.timeout(deps.timeout_ms);
    try {
      await source.client.prepare?.(marketplace, preparing);
    } catch (error) {
      unready = asSourceError(source, error, preparing);
    }
    const reserved = await reserveSlot(deps, limit, {
      priority: call.priority,
      horizon_ms: call.horizon_ms,
      units: operation.cost(call.ids),
      slack_ms: connectionSlackMs(source.client, deps.clock.now()),
      await_turn: unready === undefined,
    });
    if (reserved.kind !== "slot") return reserved;
    const { slot } = reserved;
    const started = deps.clock.now();
    noteCall(source.client, started);
    const lateness_ms = Math.max(0, started - slot.at_ms);
    const signal = AbortSignal.timeout(deps.timeout_ms);
    try {
      if (unready) throw unready;
      const answer = await call.run(signal);
      const duration_ms = deps.clock.now() - started;
      const outcome: CallOutcome = { kind: "success", signals: answer.signals, lateness_ms };
      warnings.push(...(await report(deps, limit, slot, outcome)));
      return { kind: "answered", answer, duration_ms, warnings };
    } catch (thrown) {
      let error = asSourceError(source, thrown, signal);
      if (isStaleToken(error) && renewed) error = critical(error);
      warnings.push(...(await report(deps, limit, slot, outcomeOf(error, lateness_ms))));
      count(deps, call, error, deps.clock.now() - started);
      if (isStaleToken(error)) continue;
      return {
        kind: "failed",
        error,
        probe: slot.probe_owner !== undefined,
        before_call: unready !== undefined,
        warnings,
      };
    }
  }
};
