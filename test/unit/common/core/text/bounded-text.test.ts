import fc from "fast-check";
import { expect, it } from "vitest";
import { boundedText, utf8Bytes } from "../../../../../lambdas/common/core/text/bounded-text.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("bounded text", 20_261_129);

it.each([
  ["short", 10, "short"],
  ["", 3, ""],
  ["abcdef", 3, "abc"],
  ["ééé", 3, "é"],
  ["a😀", 4, "a"],
  ["a😀", 5, "a😀"],
  ["a\ud83d", 9, "a\ufffd"],
  ["😀".repeat(3), 8, "😀😀"],
])("%j is kept within %i bytes as %j", (text, maxBytes, expected) => {
  expect(boundedText(text, maxBytes)).toBe(expected);
});

it("any text is kept as the longest beginning of whole characters that fits", () => {
  const unit = fc.constantFrom("a", "é", "€", "😀", "\ud83d", "\ude00", "\u0000");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), fc.nat(60), (text, maxBytes) => {
      const kept = boundedText(text, maxBytes);
      const whole = [...text.toWellFormed()];
      expect(kept.isWellFormed()).toBe(true);
      expect(utf8Bytes(kept)).toBeLessThanOrEqual(maxBytes);
      const count = [...kept].length;
      expect(kept).toBe(whole.slice(0, count).join(""));
      if (count < whole.length) expect(utf8Bytes(whole.slice(0, count + 1).join(""))).toBeGreaterThan(maxBytes);
    }),
    { seed: SEED, numRuns: testRuns(2_000) },
  );
});
