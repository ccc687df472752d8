import { describe, expect, it } from "vitest";
import { formatMoment } from "../../../../cli/output/format-moment.ts";

const NOW = Date.parse("2026-08-01T12:00:30.000Z");

describe("a moment in local words", () => {
  it.each([
    ["2026-08-01T12:03:00.000Z", "UTC", "today at 12:03"],
    ["2026-08-01T12:03:00.001Z", "UTC", "today at 12:04"],
    ["2026-08-01T12:03:00.000Z", "Europe/Berlin", "today at 14:03"],
    ["2026-08-01T15:30:00.000Z", "Asia/Tokyo", "tomorrow at 00:30"],
    ["2026-08-01T23:59:30.000Z", "UTC", "tomorrow at 00:00"],
    ["2026-08-04T07:10:00.000Z", "Europe/Berlin", "on Tue 4 Aug 2026 at 09:10"],
    ["2026-07-31T07:10:00.000Z", "UTC", "on Fri 31 Jul 2026 at 07:10"],
    ["2027-01-01T00:00:00.000Z", "UTC", "on Fri 1 Jan 2027 at 00:00"],
  ])("%s in %s is %s", (iso, zone, words) => {
    expect(formatMoment(iso, NOW, zone)).toBe(words);
  });

  it("counts days by the calendar where the clocks change", () => {
    // 25 October 2026 has 25 hours in Berlin: 25 hours after its first minute it is still the same day.
    const midnight = Date.parse("2026-10-24T22:00:00.000Z");
    expect(formatMoment("2026-10-25T22:30:00.000Z", midnight, "Europe/Berlin")).toBe("today at 23:30");
    expect(formatMoment("2026-10-25T23:30:00.000Z", midnight, "Europe/Berlin")).toBe("tomorrow at 00:30");
  });
});
