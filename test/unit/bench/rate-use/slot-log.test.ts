import { describe, expect, it } from "vitest";
import { isUsed, readSlots } from "../../../../bench/rate-use/slot-log.ts";
import type { Slot } from "../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { slotFields } from "../../../../lambdas/common/services/wiring/sources/slot-fields.ts";

const SLOT: Slot = {
  granted: true,
  ...{ limitKey: "creators-api#me", atMs: 5_000, guardMs: 25, grantedAtMs: 4_000 },
  ...{ shiftedMs: 0, epoch: 1, sequence: 7 },
};
const line = (fields: object): string => JSON.stringify({ level: "DEBUG", message: "slot ended", ...fields });
const success = line(
  slotFields(SLOT, { kind: "used", outcome: { kind: "success", signals: {}, latenessMs: 3, roundTripMs: 180 } }),
);

describe("slots in a log", () => {
  it("are read with what the functions say of them", () => {
    expect(readSlots(`START\n${success}\n{"message":"something else"}\n`)).toEqual([
      {
        ...{ message: "slot ended", limit_key: "creators-api#me", epoch: 1, sequence: 7, slot_ms: 5_000 },
        ...{ granted_ms: 4_000, guard_ms: 25, end: "success", late_ms: 3, round_trip_ms: 180 },
      },
    ]);
  });

  it("come in the order of their times, each once however often its end was reported", () => {
    const earlier = line(slotFields({ ...SLOT, atMs: 4_000, sequence: 6 }, { kind: "given back", why: "late" }));
    const throttled = line(
      slotFields({ ...SLOT, atMs: 6_000, sequence: 8 }, { kind: "used", outcome: { kind: "throttled", signals: {} } }),
    );
    const slots = readSlots([throttled, success, throttled, earlier].join("\n"));
    expect(slots.map(({ sequence, end }) => [sequence, end])).toEqual([
      [6, "late"],
      [7, "success"],
      [8, "throttled"],
    ]);
    expect(slots.map(isUsed)).toEqual([false, true, true]);
  });

  it("are found behind what the emulator writes before a line", () => {
    expect(readSlots(`2026-11-29 12:00:00 [lambda] ${success}`)).toHaveLength(1);
  });
});
