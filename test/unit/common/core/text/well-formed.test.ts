import { expect, it } from "vitest";
import { wellFormed } from "../../../../../lambdas/common/core/text/well-formed.ts";

it("replaces half characters in values and in names", () => {
  expect(wellFormed({ "a\ud83d": ["b\ude00", 1, null] })).toEqual({ "a\ufffd": ["b\ufffd", 1, null] });
});

it("reads a value that is as deep as a message may be, down to where nothing of ours is", () => {
  const deep: unknown = JSON.parse(`{"id":"a","rest":${"[".repeat(130_000)}${"]".repeat(130_000)}}`);
  const read = wellFormed(deep);
  expect(read).toMatchObject({ id: "a" });
  expect(JSON.stringify(read).length).toBeLessThan(2_000);
});
