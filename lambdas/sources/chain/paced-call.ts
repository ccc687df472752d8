import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import type { CallOutcome, CallPriority, Refusal } from "../../core/limiter/rate-limiter.ts";
import type { SourceClient } from "../../core/sources/source-client.ts";
import type { SourceOperation } from "../../core/sources/source-descriptor.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { callTimeoutMs } from "./call-timeout.ts";
import type { ChainDeps } from "./chain-deps.ts";
import type { ReadySource } from "./chain-source.ts";
import { connectionSlackMs, noteCall } from "./connection-slack.ts";
import { reportOutcome, tellLost } from "./report-outcome.ts";
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

/** Whether the same call is to be made again with a new token. */
const isStaleToken = (error: SourceError): boolean => error.failure_class === "retriable" && error.token_refused;

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

const critical = (error: SourceError): SourceError =>
  new SourceError(error.source, {
    code: error.code,
    status: error.status,
    failure_class: "critical",
    message: `${error.message} A new token did not help.`,
    cause: error,
  });

/** Clients whose last preparation failed. */
const unprepared = new WeakSet<SourceClient>();

/** Prepares the client, under a time limit of its own; gives why it could not. */
const prepare = async (
  { timeout_ms }: ChainDeps,
  { source, marketplace }: { source: ReadySource; marketplace: string },
) => {
  const { client } = source;
  const signal = AbortSignal.timeout(timeout_ms);
  try {
    await client.prepare?.(marketplace, signal);
    unprepared.delete(client);
    return undefined;
  } catch (error) {
    unprepared.add(client);
    return asSourceError(source, error, signal);
  }
};

/**
 * Makes one upstream call in a slot of its own: token first, then the reservation, the wait for its turn, the call
 * under a time limit, and the report to the limiter. A token that the upstream calls expired is renewed and the
 * call repeated once, in a second slot; a second refusal is critical. A token that cannot be had is reported like
 * a failed call, in the slot that the call would have used, so that breaker and pause see it. From then on, until one
 * is had, tokens are asked for only once a slot is granted: else every call that an open breaker refuses would ask a
 * token service in trouble. That slot may be lost to lateness, which costs one call of the day.
 * @throws TransientError when the limiter's store cannot be reached: then no call was made, or one that failed, and
 * the limiter must hear of that before the next
 */
export const pacedCall = async <Answer extends { readonly signals: LimitSignals }>(
  deps: ChainDeps,
  call: PacedCall<Answer>,
): Promise<PacedResult<Answer>> => {
  const { source, operation } = call;
  const limit = source.limitFor(operation);
  const warnings: string[] = [];
  for (let renewed = false; ; renewed = true) {
    await tellLost(deps.limiter, limit.limit_key);
    const isSlotFirst = unprepared.has(source.client);
    let unready = isSlotFirst ? undefined : await prepare(deps, call);
    const reserved = await reserveSlot(deps, limit, {
      priority: call.priority,
      horizon_ms: call.horizon_ms,
      units: operation.cost(call.ids),
      slack_ms: connectionSlackMs(source.client, deps.clock.now(), call.horizon_ms),
      ready: async () => {
        if (isSlotFirst) unready = await prepare(deps, call);
        return unready === undefined;
      },
    });
    if (reserved.kind !== "slot") return reserved;
    const { slot } = reserved;
    const started = deps.clock.now();
    noteCall(source.client, started);
    const lateness_ms = Math.max(0, started - slot.at_ms);
    const signal = AbortSignal.timeout(callTimeoutMs(source.descriptor, limit, deps.timeout_ms));
    try {
      if (unready) throw unready;
      const answer = await call.run(signal);
      const duration_ms = deps.clock.now() - started;
      const outcome: CallOutcome = { kind: "success", signals: answer.signals, lateness_ms };
      warnings.push(...(await reportOutcome(deps, limit, slot, outcome)));
      return { kind: "answered", answer, duration_ms, warnings };
    } catch (thrown) {
      let error = asSourceError(source, thrown, signal);
      if (isStaleToken(error) && renewed) error = critical(error);
      count(deps, call, error, deps.clock.now() - started);
      warnings.push(...(await reportOutcome(deps, limit, slot, outcomeOf(error, lateness_ms))));
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
