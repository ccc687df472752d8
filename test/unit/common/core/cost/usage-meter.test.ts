import { describe, expect, it } from "vitest";
import { UsageMeter } from "../../../../../lambdas/common/core/cost/usage-meter.ts";

const meterAt = (memoryMb: number) => {
  const time = { nowMs: 1_000 };
  return { time, meter: new UsageMeter(memoryMb, () => time.nowMs) };
};

describe("the usage of a function instance", () => {
  it("is taken once, with the time that the invocation has run so far", () => {
    const { time, meter } = meterAt(512);
    meter.begin();
    meter.count({ used_wu: 3, used_ru: 0.5 });
    meter.count({ used_wu: 1 });
    time.nowMs += 100;
    expect(meter.take()).toEqual({ used_calls: 1, used_wu: 4, used_ru: 0.5, used_gb_ms: 50 });
    time.nowMs += 20;
    expect(meter.take()).toEqual({ used_gb_ms: 10 });
    expect(meter.take()).toEqual({});
  });

  it("goes on to the next invocation, without the time between the two", () => {
    const { time, meter } = meterAt(1_024);
    meter.begin();
    time.nowMs += 30;
    meter.end();
    time.nowMs += 1_000_000;
    meter.begin();
    time.nowMs += 5;
    expect(meter.take()).toEqual({ used_calls: 2, used_gb_ms: 35 });
  });

  it("is there again when it could not be written", () => {
    const { meter } = meterAt(512);
    meter.count({ used_put: 2 });
    const taken = meter.take();
    meter.count({ used_put: 1 });
    meter.giveBack(taken);
    expect(meter.take()).toEqual({ used_put: 3 });
  });

  it("goes with the next write when a write fails or is refused", async () => {
    const { meter } = meterAt(512);
    meter.count({ used_put: 2 });
    const seen: unknown[] = [];
    const write = (result: boolean | Error) =>
      meter.during(
        async (used) => {
          seen.push(used);
          if (result instanceof Error) throw result;
          return result;
        },
        (isWritten) => isWritten,
      );
    await expect(write(new Error("away"))).rejects.toThrow("away");
    expect(await write(false)).toBe(false);
    expect(await write(true)).toBe(true);
    expect(seen).toEqual([{ used_put: 2 }, { used_put: 2 }, { used_put: 2 }]);
    expect(meter.take()).toEqual({});
  });
});
