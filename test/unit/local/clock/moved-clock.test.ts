import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../../../../lambdas/common/platform/system-clock.ts";
import { moveClock, readAheadMs } from "../../../../local/clock/moved-clock.ts";

const HOUR_MS = 3_600_000;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clock-"));
  file = join(folder, "clock");
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe("the clock of a local stack", () => {
  it("is the machine's until it is moved, and runs ahead by all steps together", () => {
    const clock = createSystemClock({ CLOCK_FILE: file });
    expect(clock.now()).toBe(1_000_000);
    moveClock(file, "+25h");
    moveClock(file, "+1.5m");
    expect(readAheadMs(file)).toBe(25 * HOUR_MS + 90_000);
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(1_001_000 + 25 * HOUR_MS + 90_000);
  });

  it("is never moved back, whatever is asked for and whatever becomes of the file", () => {
    for (const step of ["-1h", "1h", "+1", "+1h2m", "+ 1h", "+1w", ""]) {
      expect(() => moveClock(file, step), step).toThrow(/never moved back/);
    }
    expect(() => moveClock(file, "+401d")).toThrow(/400 days/);
    const clock = createSystemClock({ CLOCK_FILE: file });
    moveClock(file, "+2d");
    const before = clock.now();
    writeFileSync(file, "5");
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(before + 1_000);
    rmSync(file);
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(before + 2_000);
  });

  it("is an error where the file holds anything else, and the machine's where the stage names no file", () => {
    for (const text of ["soon", "-5", "1.5", "1e99"]) {
      writeFileSync(file, text);
      expect(() => createSystemClock({ CLOCK_FILE: file }).now(), text).toThrow(/milliseconds/);
    }
    expect(createSystemClock({ CLOCK_FILE: "" }).now()).toBe(1_000_000);
  });
});
