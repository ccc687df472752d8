import type { LimitSignals } from "../../../core/limiter/limit-signals.ts";
import type { CallOutcome, CallPriority, Refusal } from "../../../core/limiter/rate-limiter.ts";
import type { SourceClient } from "../../../core/sources/source-client.ts";
import type { SourceOperation } from "../../../core/sources/source-descriptor.ts";
import { SourceError } from "../../../core/sources/source-error.ts";
import type { ChainDeps } from "../chain-deps.ts";
import type { ReadySource } from "../chain-source.ts";
import { callTimeoutMs } from "./call-timeout.ts";
import { connectionSlackMs, noteCall } from "./connection-slack.ts";
import { reportOutcome, resendLostReports } from "./report-outcome.ts";
import { reserveSlot } from "./reserve-slot.ts";

/** One upstream call to make in its slot. */
export interface PacedCall<Answer> {
  readonly source: ReadySource;
  readonly operation: SourceOperation;
  readonly marketplace: string;
  /** Ids that the call carries, for its cost and the counters. */
  readonly ids: number;
  readonly priority: CallPriority;
  readonly horizonMs: number;
  readonly run: (signal: AbortSignal) => Promise<Answer>;
}

/** How a paced call ended. `probe`: it was the breaker's probe, so its failure says nothing about its products. */
export type PacedResult<Answer> =
  | {
      readonly kind: "answered";
      readonly answer: Answer;
      readonly durationMs: number;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "stopped" }
  | {
      readonly kind: "failed";
      readonly error: SourceError;
      readonly probe: boolean;
      readonly beforeCall: boolean;
      readonly warnings: readonly string[];
    };

const asSourceError = (source: ReadySource, error: unknown, signal: AbortSignal): SourceError => {
  if (error instanceof SourceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SourceError(source.descriptor.id, {
    code: signal.aborted ? "Timeout" : "InternalError",
    status: null,
    failureClass: "retriable",
    message: signal.aborted ? "the upstream did not answer in time" : `unexpected error: ${message}`,
    cause: error,
  });
};

/** Whether the same call must be repeated with a new token. */
const isStaleToken = (error: SourceError): boolean => error.failureClass === "retriable" && error.tokenRefused;

/** Neither a refused token nor an orderly rejected request says that the upstream is unhealthy. */
const outcomeOf = (error: SourceError, latenessMs: number): CallOutcome => {
  switch (error.failureClass) {
    case "throttled":
      return { kind: "throttled", signals: error.signals };
    case "critical":
      return { kind: "critical", code: error.code, message: error.message };
    case "retriable":
      return isStaleToken(error)
        ? { kind: "success", signals: {}, latenessMs }
        : { kind: "unhealthy", signals: error.signals };
    case "permanent":
    case "not_found":
      return { kind: "success", signals: error.signals, latenessMs };
  }
};

const count = <Answer>(deps: ChainDeps, call: PacedCall<Answer>, error: SourceError, durationMs: number): void =>
  deps.countCall?.({
    source: call.source.descriptor.id,
    operation: call.operation.name,
    marketplace: call.marketplace,
    ids: call.ids,
    outcome:
      error.failureClass === "throttled" ? "throttled" : error.failureClass === "critical" ? "critical" : "failed",
    code: error.code,
    message: error.message,
    itemFailures: {},
    durationMs,
  });

const critical = (error: SourceError): SourceError =>
  new SourceError(error.source, {
    code: error.code,
    status: error.status,
    failureClass: "critical",
    message: `${error.message} A new token did not help.`,
    cause: error,
  });

/** Clients whose last preparation failed. */
const unprepared = new WeakSet<SourceClient>();

/** Prepares the client, under its own time limit. Returns the error when it fails. */
const prepare = async (
  { timeoutMs }: ChainDeps,
  { source, marketplace }: { source: ReadySource; marketplace: string },
) => {
  const { client } = source;
  const signal = AbortSignal.timeout(timeoutMs);
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
 * Makes one upstream call in its own slot: first the token, then the reservation, the wait for the slot time, the call
 * under a time limit, and the report to the limiter. When the upstream calls a token expired, the token is renewed and
 * the call repeated once, in a second slot; a second refusal is critical. A token that cannot be fetched is reported
 * like a failed call, in the slot of the call, so that breaker and pause take effect. From then on, until a token is
 * fetched, the token is requested only after a slot is granted: otherwise every call that an open breaker refuses would
 * call a token service in trouble. Such a slot may be lost to lateness, which costs one call of the day.
 * @throws TransientError when the limiter's store cannot be reached. Then no call was made, or one failed whose report
 * the limiter must get before the next call
 */
export const pacedCall = async <Answer extends { readonly signals: LimitSignals }>(
  deps: ChainDeps,
  call: PacedCall<Answer>,
): Promise<PacedResult<Answer>> => {
  const { source, operation } = call;
  const limit = source.limitFor(operation);
  const warnings: string[] = [];
  for (let renewed = false; ; renewed = true) {
    await resendLostReports(deps.limiter, limit.limitKey);
    const isSlotFirst = unprepared.has(source.client);
    let unready = isSlotFirst ? undefined : await prepare(deps, call);
    const reserved = await reserveSlot(deps, limit, {
      priority: call.priority,
      horizonMs: call.horizonMs,
      units: operation.cost(call.ids),
      slackMs: connectionSlackMs(source.client, deps.clock.now(), call.horizonMs),
      ready: async () => {
        if (isSlotFirst) unready = await prepare(deps, call);
        return unready === undefined;
      },
    });
    if (reserved.kind !== "slot") return reserved;
    const { slot } = reserved;
    const started = deps.clock.now();
    noteCall(source.client, started);
    const latenessMs = Math.max(0, started - slot.atMs);
    const signal = AbortSignal.timeout(callTimeoutMs(source.descriptor, limit, deps.timeoutMs));
    try {
      if (unready) throw unready;
      const answer = await call.run(signal);
      const durationMs = deps.clock.now() - started;
      const outcome: CallOutcome = { kind: "success", signals: answer.signals, latenessMs };
      warnings.push(...(await reportOutcome(deps, limit, slot, outcome)));
      return { kind: "answered", answer, durationMs, warnings };
    } catch (thrown) {
      let error = asSourceError(source, thrown, signal);
      if (isStaleToken(error) && renewed) error = critical(error);
      count(deps, call, error, deps.clock.now() - started);
      warnings.push(...(await reportOutcome(deps, limit, slot, outcomeOf(error, latenessMs))));
      if (isStaleToken(error)) continue;
      return {
        kind: "failed",
        error,
        probe: slot.probeOwner !== undefined,
        beforeCall: unready !== undefined,
        warnings,
      };
    }
  }
};
