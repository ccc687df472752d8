import fc from "fast-check";
import { expect, it } from "vitest";
import { loneSurrogateAt } from "../../../../../../lambdas/common/platform/http/refusals/lone-surrogate.ts";
import { testRuns } from "../../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";

const at = (json: string): number | undefined => loneSurrogateAt(Buffer.from(json));

it.each([
  ['{"a":"\\ud83d\\ude00"}', undefined],
  ['{"a":"\\uD83D\\uDE00 \\u00e9 \\n"}', undefined],
  ['{"a":"😀 é"}', undefined],
  // A backslash and then letters: no escape.
  ['{"a":"\\\\ud83d"}', undefined],
  ['{"a":"\\\\\\ud83d"}', 8],
  ['{"a":"\\ud83d"}', 6],
  ['{"a":"\\ude00"}', 6],
  ['{"a":"\\ud83dx\\ude00"}', 6],
  ['{"a":"\\ud83d\\ud83d\\ude00"}', 6],
  ['{"\\udfff":1}', 2],
  ['"é\\ud800', 3],
  ['"\\ud8', undefined],
  ["", undefined],
])("%s has half of a pair at %s", (json, expected) => {
  expect(at(json)).toBe(expected);
});

const seed = testSeed("lone surrogates", 20_261_129);

it("agrees with what the text says once it is read, however it is written", () => {
  const unit = fc.oneof(
    fc.constantFrom("\\", '"', "u", "d", "8", "\ud83d", "\ude00", "\ud800", "\udfff", "😀"),
    fc.string({ maxLength: 2 }),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), fc.boolean(), (units, escapesAll) => {
      const text = units.join("");
      const json = escapesAll
        ? `"${[...Array(text.length).keys()].map((n) => `\\u${text.charCodeAt(n).toString(16).padStart(4, "0")}`).join("")}"`
        : JSON.stringify(text);
      expect(at(json) === undefined).toBe(text.isWellFormed());
    }),
    { seed, numRuns: testRuns(2_000) },
  );
});
