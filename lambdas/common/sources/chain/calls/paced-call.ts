import type { LimitSignals } from "../../../core/limiter/limit-signals.ts";
import type { CallOutcome, CallPriority, CallTiming, Refusal, Slot } from "../../../core/limiter/rate-limiter.ts";
import type { SourceClient } from "../../../core/sources/source-client.ts";
import type { SourceOperation } from "../../../core/sources/source-descriptor.ts";
import { SourceError } from "../../../core/sources/source-error.ts";
import type { ChainDeps } from "../chain-deps.ts";
import type { ReadySource } from "../chain-source.ts";
import { callTimeoutMs } from "./call-timeout.ts";
import { slowestCheckMs } from "./check-times.ts";
import { reportOutcome, resendLostReports } from "./report-outcome.ts";
import { type Reserved, SlotRequests } from "./reserve-slot.ts";
import { leadMs, type SlotUse, useSlot } from "./use-slot.ts";

/** One upstream call to make in its slot. */
export interface PacedCall<Answer> {
  readonly source: ReadySource;
  readonly operation: SourceOperation;
  readonly marketplace: string;
  /** Ids that the call carries, for its cost and the counters. A call that gets company costs no more with it. */
  readonly ids: () => number;
  /**
   * Called when a slot is reserved, with the time before it at which the call gets ready. The call begins after it, or is
   * not made at all: what it was to carry follows with another one.
   */
  readonly beforeSlot?: (slot: Slot, leadMs: number) => Promise<"go" | "follow">;
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
  /** By the caller. `follows`: by `beforeSlot`, so that what the call was to carry goes with another one. */
  | { readonly kind: "stopped"; readonly follows?: true }
  | {
      readonly kind: "failed";
      readonly error: SourceError;
      readonly probe: boolean;
      readonly beforeCall: boolean;
      readonly warnings: readonly string[];
    };

const asSourceError = (source: ReadySource, error: unknown, isTimedOut: boolean): SourceError => {
  if (error instanceof SourceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SourceError(source.descriptor.id, {
    code: isTimedOut ? "Timeout" : "InternalError",
    status: null,
    failureClass: "retriable",
    message: isTimedOut ? "the upstream did not answer in time" : `unexpected error: ${message}`,
    cause: error,
  });
};

/** Whether the same call must be repeated with a new token. */
const isStaleToken = (error: SourceError): boolean => error.failureClass === "retriable" && error.tokenRefused;

/**
 * Neither a refused token nor an orderly rejected request says that the upstream is unhealthy. A rejection is quicker than
 * an answer, so its round trip is left out.
 */
const outcomeOf = (error: SourceError, { latenessMs }: CallTiming): CallOutcome => {
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
    ids: call.ids(),
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

/**
 * Prepares the client, under its own time limit: its token, and its connection where a slot may be free at once.
 * Otherwise the connection is opened shortly before the slot. Returns the error when it fails.
 */
const prepare = async (
  { timeoutMs, limiter }: ChainDeps,
  { source, operation, marketplace }: Pick<PacedCall<unknown>, "source" | "operation" | "marketplace">,
) => {
  const { client } = source;
  const signal = AbortSignal.timeout(Math.max(1, Math.floor(timeoutMs)));
  const connection = client.connectionTo?.(marketplace);
  const isSoon = connection && limiter.expectedWaitMs(source.limitFor(operation)) < leadMs(connection.times());
  try {
    await Promise.all([client.prepare?.(marketplace, signal), isSoon ? connection.open(signal) : undefined]);
    unprepared.delete(client);
    return undefined;
  } catch (error) {
    unprepared.add(client);
    return asSourceError(source, error, signal.aborted);
  }
};

/**
 * Makes the call in the first slot that is not missed.
 * @returns how the slot was used, or why there is none
 */
const inSlot = async <Answer>(
  deps: ChainDeps,
  call: PacedCall<Answer>,
): Promise<
  | Exclude<Reserved, { kind: "slot" }>
  | Extract<PacedResult<Answer>, { kind: "stopped" }>
  | Extract<SlotUse<Answer>, { kind: "made" }>
> => {
  const { source, operation, marketplace, priority, horizonMs } = call;
  const limit = source.limitFor(operation);
  const slots = new SlotRequests(deps, limit, { priority, horizonMs, units: operation.cost(call.ids()) });
  let isPrepared = !unprepared.has(source.client);
  let unready = isPrepared ? await prepare(deps, call) : undefined;
  for (;;) {
    const reserved = await slots.next();
    if (reserved.kind !== "slot") return reserved;
    const { slot } = reserved;
    if (!isPrepared) unready = await prepare(deps, call);
    if (unready) {
      const timing = { latenessMs: 0 };
      const outcome = { error: unready };
      return { kind: "made", slot, isSent: false, outcome, timing, durationMs: 0, isTimedOut: false };
    }
    const connectTimes = source.client.connectionTo?.(marketplace)?.times() ?? {};
    if ((await call.beforeSlot?.(slot, leadMs(connectTimes, slowestCheckMs(deps.limiter)))) === "follow") {
      await deps.limiter.giveBack(slot, "unused");
      return { kind: "stopped", follows: true };
    }
    const used = await useSlot(deps, slot, {
      run: call.run,
      connectTimes,
      timeoutMs: () => callTimeoutMs(source.descriptor, limit, deps.timeoutMs),
      onSlow: (endsAtMs) => deps.onSlow?.(source.descriptor.id, endsAtMs),
    });
    if (used.kind === "made") return used;
    if (used.kind === "unwanted") return { kind: "stopped" };
    // It may have missed its slot because its token or its connection took too long.
    isPrepared = false;
  }
};

/**
 * Makes one upstream call in its own slot: first the token, then the reservation, the call under a time limit, and the
 * report to the limiter. When the upstream calls a token expired, the token is renewed and the call repeated once, in a
 * second slot; a second refusal is critical. A token or a connection that cannot be had is reported like a failed call,
 * in the slot of the call, so that breaker and pause take effect. From then on, until it is there, it is asked for only
 * after a slot is granted: otherwise every call that an open breaker refuses would call a service in trouble.
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
    const made = await inSlot(deps, call);
    if (made.kind !== "made") return made;
    const { slot, outcome, timing, durationMs, isSent } = made;
    if ("answer" in outcome) {
      unprepared.delete(source.client);
      const { answer } = outcome;
      const success: CallOutcome = { kind: "success", signals: answer.signals, ...timing };
      warnings.push(...(await reportOutcome(deps, limit, slot, success)));
      return { kind: "answered", answer, durationMs, warnings };
    }
    let error = asSourceError(source, outcome.error, made.isTimedOut);
    if (isStaleToken(error) && renewed) error = critical(error);
    if (isSent) unprepared.delete(source.client);
    count(deps, call, error, durationMs);
    warnings.push(...(await reportOutcome(deps, limit, slot, outcomeOf(error, timing))));
    if (isStaleToken(error)) continue;
    return { kind: "failed", error, probe: slot.probeOwner !== undefined, beforeCall: !isSent, warnings };
  }
};
