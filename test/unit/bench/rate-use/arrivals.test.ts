import { describe, expect, it } from "vitest";
import { type Arrival, callsInSlots, spread, useOf } from "../../../../bench/rate-use/arrivals.ts";
import type { LoggedSlot } from "../../../../bench/rate-use/slot-log.ts";

const arrival = (arrived: number, status: string | null = "200", sent = arrived): Arrival => ({
  ...{ sent_ms: sent, arrived_ms: arrived, status },
});
const slot = (at: number, sequence = at): LoggedSlot => ({
  ...{ message: "slot ended", limit_key: "a#b", epoch: 0, sequence, end: "success" },
  ...{ slot_ms: at, granted_ms: at - 500, guard_ms: 25 },
});

describe("the use of a rate", () => {
  it("is the calls after the first one over the time between the first arrival and the last", () => {
    const every = [0, 1_250, 2_500, 3_750, 5_000].map((at) => arrival(at));
    expect(useOf(every, 1)).toEqual({
      ...{ answered: 5, refused: 0, other: 0, share: 0.8, mostInASecond: 1, seconds: 5 },
    });
    expect(useOf(every, 2).share).toBe(0.4);
  });

  it("counts refused calls as refused, and faults and missing answers as neither", () => {
    const calls = [arrival(0), arrival(1_000, "429"), arrival(2_000, "500"), arrival(3_000, null), arrival(4_000)];
    expect(useOf(calls, 1)).toMatchObject({ answered: 2, refused: 1, other: 2, share: 0.25 });
  });

  it("finds the most calls within a second wherever it begins; calls a whole second apart are not within one", () => {
    expect(
      useOf(
        [0, 1_000, 2_000].map((at) => arrival(at)),
        1,
      ).mostInASecond,
    ).toBe(1);
    expect(
      useOf(
        [0, 600, 1_400, 1_599.9, 2_700].map((at) => arrival(at)),
        1,
      ).mostInASecond,
    ).toBe(3);
  });

  it("of fewer than two calls is no share", () => {
    expect(useOf([], 1).share).toBeNaN();
    expect(useOf([arrival(7)], 1).share).toBeNaN();
  });
});

describe("calls in slots", () => {
  it("are timed from their slot to the arrival, and from it to the sending", () => {
    const calls = callsInSlots(
      [slot(1_000), slot(2_000)],
      [arrival(1_042, "200", 1_002), arrival(2_400, "200", 2_003)],
    );
    expect(calls.map(({ arrivedAfterMs, sentAfterMs }) => [arrivedAfterMs, sentAfterMs])).toEqual([
      [42, 2],
      [400, 3],
    ]);
  });

  it("belong to their own slot when one arrives after the next, and when a slot is not in the log", () => {
    const calls = callsInSlots(
      [slot(1_000), slot(2_000), slot(4_000)],
      [arrival(2_050, "200", 2_010), arrival(2_300, "200", 1_010), arrival(3_020), arrival(4_020)],
    );
    expect(calls.map(({ slot: { sequence }, arrival: { sent_ms } }) => [sequence, sent_ms])).toEqual([
      [1_000, 1_010],
      [2_000, 2_010],
      [4_000, 4_020],
    ]);
  });

  it("may seem a few milliseconds early, because functions round their clock", () => {
    expect(callsInSlots([slot(1_001)], [arrival(1_000.2)])).toHaveLength(1);
    expect(callsInSlots([slot(1_050)], [arrival(1_000)])).toHaveLength(0);
  });
});

describe("a spread", () => {
  it("has the middle, the 95th percentile and the largest value; of nothing it is empty", () => {
    expect(spread(Array.from({ length: 100 }, (_, index) => index + 0.04))).toBe("50.0 / 95.0 / 99.0");
    expect(spread([])).toBe("");
  });
});
