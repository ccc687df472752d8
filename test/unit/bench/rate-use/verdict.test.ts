import { describe, expect, it } from "vitest";
import { verdictOf } from "../../../../bench/rate-use/verdict.ts";

describe("a verdict", () => {
  it.each([
    ["none", 0.93, 0, 1, true],
    ["none", 0.929, 0, 1, false],
    ["none", 0.99, 1, 1, false],
    ["good", 0.9, 0, 0.93, true],
    ["good", 0.88, 0, 0.93, false],
    ["good", 0.95, 1, 0.93, false],
    ["bad", 0.67, 1, 0.7, true],
    ["bad", 0.9, 2, 0.7, false],
  ] as const)(
    "over %s with share %f and %i × 429, where %f is the best: %o",
    (network, share, refused, best, reached) => {
      expect(verdictOf(network, { share, refused }, best).isReached).toBe(reached);
    },
  );

  it("says what the goal is", () => {
    expect(verdictOf("bad", { share: 1, refused: 0 }, 0.7).goal).toBe("at least 66.0 %, at most 1 × 429");
  });
});
