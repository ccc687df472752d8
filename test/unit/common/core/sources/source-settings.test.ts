import { describe, expect, it } from "vitest";
import { SourceSettingsSchema, SourcesJsonSchema } from "../../../../../lambdas/common/core/sources/source-settings.ts";

describe("the settings of a source", () => {
  it("take Keepa's extras, which are off unless named", () => {
    expect(SourceSettingsSchema.parse({ id: "keepa" })).toEqual({ id: "keepa", allowance_share: 1, endpoints: {} });
    expect(SourceSettingsSchema.parse({ id: "keepa", rating: true, buybox: false })).toMatchObject({
      rating: true,
      buybox: false,
    });
    expect(SourcesJsonSchema.parse('[{"id":"keepa","rating":true}]')[0]?.rating).toBe(true);
  });

  it.each(["rating", "buybox", "history"])("refuse %s of any other source, which has no such thing", (extra) => {
    const read = SourceSettingsSchema.safeParse({ id: "creators-api", [extra]: true });
    expect(read.error?.issues[0]).toMatchObject({ path: [extra], message: expect.stringContaining("only keepa") });
  });

  it("still can be read strictly, as a stage's settings are", () => {
    const strict = SourceSettingsSchema.strict();
    expect(strict.safeParse({ id: "keepa", rating: true }).success).toBe(true);
    expect(strict.safeParse({ id: "keepa", ratings: true }).success).toBe(false);
    expect(strict.safeParse({ id: "paapi", rating: true }).success).toBe(false);
  });
});
