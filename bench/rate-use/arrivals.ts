import * as z from "zod";
import { quantile } from "../shared/statistics.ts";
import type { LoggedSlot } from "./slot-log.ts";

const ArrivalSchema = z.object({
  sent_ms: z.number(),
  arrived_ms: z.number(),
  status: z.string().nullable(),
});

/** API calls as a simulator lists them, in the order of their arrival. */
export const ArrivalsSchema = z.array(ArrivalSchema);
export type Arrival = z.infer<typeof ArrivalSchema>;

/** What calls did to the upstream's limit. */
export interface Use {
  readonly answered: number;
  readonly refused: number;
  /** Calls that were neither answered with 200 nor refused with 429. */
  readonly other: number;
  /** Share of the allowed rate between the first arrival and the last, 0 to 1. */
  readonly share: number;
  readonly mostInASecond: number;
  readonly seconds: number;
}

/** Most arrivals within less than a second, wherever it begins. */
const mostInASecond = (timesMs: readonly number[]): number => {
  let first = 0;
  return timesMs.reduce((most, timeMs, last) => {
    while (timeMs - (timesMs[first] ?? timeMs) >= 1_000) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
};

/** How the arrivals used a rate (calls per second). Shares of fewer than two arrivals are NaN. */
export const useOf = (arrivals: readonly Arrival[], rate: number): Use => {
  const times = arrivals.map(({ arrived_ms }) => arrived_ms);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  const count = (status: string): number => arrivals.filter((arrival) => arrival.status === status).length;
  const [answered, refused] = [count("200"), count("429")];
  return {
    answered,
    refused,
    other: arrivals.length - answered - refused,
    share: seconds > 0 ? (answered - 1) / seconds / rate : Number.NaN,
    mostInASecond: mostInASecond(times),
    seconds,
  };
};

/** One call with the slot that it was made in. */
export interface SlottedCall {
  readonly slot: LoggedSlot;
  readonly arrival: Arrival;
  /** Milliseconds from the slot to the arrival at the upstream. */
  readonly arrivedAfterMs: number;
  /** Of these, until the upstream's machine saw the request: what product and machine did, without the network. */
  readonly sentAfterMs: number;
}

/** Milliseconds by which a call may seem to come before its slot: functions round their clock. */
const ROUNDING_MS = 5;

/**
 * The calls with their slots. A call belongs to the last slot at or before its sending in which a call was made; a slot takes
 * one call, the first.
 */
export const callsInSlots = (slots: readonly LoggedSlot[], arrivals: readonly Arrival[]): SlottedCall[] => {
  const sent = [...arrivals].sort((one, other) => one.sent_ms - other.sent_ms);
  let next = 0;
  return sent.flatMap((arrival) => {
    let found: LoggedSlot | undefined;
    for (let slot = slots[next]; slot && slot.slot_ms <= arrival.sent_ms + ROUNDING_MS; slot = slots[next]) {
      found = slot;
      next += 1;
    }
    if (!found) return [];
    const { slot_ms } = found;
    const afterMs = { arrivedAfterMs: arrival.arrived_ms - slot_ms, sentAfterMs: arrival.sent_ms - slot_ms };
    return [{ slot: found, arrival, ...afterMs }];
  });
};

/** Middle, 95th percentile and largest of some milliseconds, as text. */
export const spread = (values: readonly number[]): string =>
  values.length === 0
    ? ""
    : [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map((ms) => ms.toFixed(1)).join(" / ");
