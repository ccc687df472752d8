import { describe, expect, it } from "vitest";
import * as z from "zod";
import { availabilityFromText } from "../../lambdas/common/core/page-text/availability-text.ts";
import { fixtureJson, haveFixtures } from "../helpers/shared-fixtures.ts";

const Texts = z.object({ texts: z.record(z.string(), z.string()), guard: z.record(z.string(), z.string()) });

describe.skipIf(!haveFixtures("field"))("a body met in the field", () => {
  it("12: speaks of more to come beside what is left", () => {
    const { texts, guard } = Texts.parse(fixtureJson("field", "12-more-on-the-way.json"));
    const read = Object.keys({ ...texts, ...guard }).map((text) => [text, availabilityFromText(text)]);
    expect(Object.fromEntries(read)).toEqual({
      ...texts,
      入荷予定: "backorder",
      "In stock on May 5, 2027.": "backorder",
    });
  });

  it("13: is sold by others, in every language", () => {
    const { texts } = z
      .object({ texts: z.array(z.string()) })
      .parse(fixtureJson("field", "13-from-these-sellers.json"));
    for (const text of texts) expect(availabilityFromText(text), text).toBe("in_stock");
  });
});
