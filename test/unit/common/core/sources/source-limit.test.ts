import { describe, expect, it } from "vitest";
import { sourceLimit } from "../../../../../lambdas/common/core/sources/source-limit.ts";
import { SourceSettingsSchema, SourcesJsonSchema } from "../../../../../lambdas/common/core/sources/source-settings.ts";
import { factsOf } from "../../../../../lambdas/common/sources/registry/known-facts.ts";

const limitOf = (settings: Record<string, unknown>) => {
  // As a function reads it: the stage's settings travel as JSON.
  const [read] = SourcesJsonSchema.parse(JSON.stringify([settings]));
  const facts = read && factsOf(read.id);
  const [operation] = facts?.operations ?? [];
  if (!read || !facts || !operation) throw new Error("no such source");
  return sourceLimit(facts, operation, read, "me");
};

describe("the zone in which a source counts its days", () => {
  it.each(["America/Los_Angeles", "UTC", "+02:00", "-09:30"])("comes from the stage: %s", (dayZone) => {
    expect(limitOf({ id: "creators-api", day_zone: dayZone })).toMatchObject({ unitsPerDay: 8640, dayZone });
  });

  it("is absent unless set, so that the day rolls", () => {
    expect(limitOf({ id: "creators-api" })).not.toHaveProperty("dayZone");
  });

  it("brings no silence at midnight to a source without a daily limit", () => {
    expect(limitOf({ id: "keepa", day_zone: "UTC" })).not.toHaveProperty("dayZone");
    expect(limitOf({ id: "keepa", day_zone: "UTC", units_per_day: 1000 })).toHaveProperty("dayZone", "UTC");
  });

  it.each(["Mars/Olympus", "GMT+2", "+2", "+02:07", ""])("is refused with what to write: %j", (dayZone) => {
    const issue = SourceSettingsSchema.safeParse({ id: "creators-api", day_zone: dayZone }).error?.issues[0];
    expect(issue).toMatchObject({
      path: ["day_zone"],
      message: "is no time zone: use a name such as America/Los_Angeles or an offset such as +02:00",
    });
  });
});

describe("the rate of product pages", () => {
  const read = (id: string, callsPerSecond?: number) =>
    SourceSettingsSchema.safeParse({ id, calls_per_second: callsPerSecond });

  it("leaves a page time to come before the next one's slot", () => {
    expect(read("product-page").success).toBe(true);
    expect(read("product-page", 0.2).success).toBe(true);
    expect(read("product-page", 0.21).error?.issues[0]).toMatchObject({
      path: ["calls_per_second"],
      message: "pages are read one at a time, and one takes up to 5 s: set 0.2 or less",
    });
  });

  it("says nothing of other sources", () => expect(read("creators-api", 50).success).toBe(true));
});
