import type { CallTiming, Slot } from "../../../core/limiter/rate-limiter.ts";
import { attachGate, SlotMissed } from "../../../core/sources/upstream/send-gate.ts";
import type { ConnectTimes } from "../../../core/sources/upstream/upstream-fetch.ts";
import type { ChainDeps } from "../chain-deps.ts";
import { slowestCheckMs } from "./check-times.ts";
import { SlotGate } from "./slot-gate.ts";

/** How long before its slot a call gets ready: it reads its token, opens its connection and has the slot rechecked. */
const LEAST_LEAD_MS = 400;
const MAX_LEAD_MS = 5_000;
/** Most of it that slow checks of slots are given: a check that begins earlier sees less of the calls before. */
const MAX_CHECK_LEAD_MS = 1_000;
/** Beyond twice the longest opening of a connection, or the slowest check of a slot, that was measured lately. */
const LEAD_MARGIN_MS = 50;
/** Time after sending from which a call without an answer is worth a word. */
const SLOW_MS = 5_000;
/** Spread of round trips that a few handshakes do not show: twice as much again, and a little for the machine. */
const SPREAD_FACTOR = 3;
const SPREAD_MARGIN_MS = 10;

/** One call to make in a slot. */
export interface SlotCall<Answer> {
  readonly run: (signal: AbortSignal) => Promise<Answer>;
  /** Of the connection that it goes by, as far as they are known. */
  readonly connectTimes: ConnectTimes;
  /** Longest time from sending the request to the end of the call. */
  readonly timeoutMs: () => number;
  /** Called when it is under way for 5 s. @param endsAtMs when the time limit ends it */
  readonly onSlow?: (endsAtMs: number) => void;
}

/** What became of a slot. `made`: the call ended, with an answer or an error; `isSent`: the upstream got a request. */
export type SlotUse<Answer> =
  | { readonly kind: "missed" }
  | { readonly kind: "unwanted" }
  | {
      readonly kind: "made";
      readonly slot: Slot;
      readonly isSent: boolean;
      readonly outcome: { readonly answer: Answer } | { readonly error: unknown };
      readonly timing: CallTiming;
      readonly durationMs: number;
      /** Whether the time limit of the call ended it. */
      readonly isTimedOut: boolean;
    };

/** How long before its slot the call begins to get ready. `checkMs`: of the slowest check of a slot lately. */
export const leadMs = ({ longestMs = 0 }: ConnectTimes, checkMs = 0): number =>
  Math.min(
    MAX_LEAD_MS,
    Math.max(
      LEAST_LEAD_MS,
      Math.ceil(2 * longestMs + LEAD_MARGIN_MS),
      Math.min(MAX_CHECK_LEAD_MS, Math.ceil(2 * checkMs + LEAD_MARGIN_MS)),
    ),
  );

const timingOf = (gate: SlotGate, { spreadMs }: ConnectTimes): CallTiming => ({
  latenessMs: gate.latenessMs,
  ...(gate.roundTripMs === undefined ? {} : { roundTripMs: gate.roundTripMs }),
  ...(spreadMs === undefined ? {} : { networkMs: Math.ceil(SPREAD_FACTOR * spreadMs + SPREAD_MARGIN_MS) }),
});

/**
 * Makes one call in its slot. Shortly before the slot time the call gets ready up to its gate, while the slot is
 * rechecked. A call that is not ready in time, or whose timer rings too late, sends nothing: its slot is given back.
 * @throws TransientError when the limiter's store, or what `stillWanted` reads, cannot be reached: nothing was sent
 */
export const useSlot = async <Answer>(
  deps: ChainDeps,
  reserved: Slot,
  call: SlotCall<Answer>,
): Promise<SlotUse<Answer>> => {
  const { limiter, clock } = deps;
  await limiter.until(reserved, leadMs(call.connectTimes, slowestCheckMs(limiter)));
  const controller = new AbortController();
  const { signal } = controller;
  let slow: NodeJS.Timeout | undefined;
  const gate = new SlotGate(deps, reserved, {
    missed: () => controller.abort(new SlotMissed()),
    sent: () => {
      const limitMs = Math.max(1, Math.floor(call.timeoutMs()));
      const limit = AbortSignal.timeout(limitMs);
      const endsAtMs = clock.now() + limitMs;
      slow = setTimeout(() => call.onSlow?.(endsAtMs), SLOW_MS);
      limit.addEventListener("abort", () => controller.abort(limit.reason), { once: true });
    },
  });
  attachGate(signal, gate);
  const begunMs = clock.now();
  try {
    const outcome = await call.run(signal).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    if (!gate.isSent) {
      await gate.checked();
      // A call that had nothing to send takes its slot all the same, so that its source keeps its pace.
      if ("answer" in outcome) await passGate(gate);
    }
    const { slot, isSent, missedBy } = gate;
    if (missedBy === "void") return { kind: "missed" };
    if (missedBy || isMissed(outcome)) {
      await limiter.giveBack(slot, gate.isTimerLate ? "late" : "unused");
      return { kind: missedBy === "unwanted" ? "unwanted" : "missed" };
    }
    const durationMs = clock.now() - (gate.sentAtMs ?? begunMs);
    const timing = timingOf(gate, call.connectTimes);
    return { kind: "made", slot, isSent, outcome, timing, durationMs, isTimedOut: signal.aborted };
  } finally {
    clearTimeout(slow);
    gate.close();
    // A request that was opened and never sent is dropped with its connection.
    if (!gate.isSent) controller.abort(new SlotMissed());
  }
};

const isMissed = (outcome: object): boolean => "error" in outcome && outcome.error instanceof SlotMissed;

const passGate = async (gate: SlotGate): Promise<void> => {
  try {
    await gate.arrive();
    gate.pass();
  } catch (error) {
    if (!(error instanceof SlotMissed)) throw error;
  }
};
