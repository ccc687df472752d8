import { describe, expect, it } from "vitest";
import { concludeProofs } from "../../../../local/clients/outcome.ts";

const works = { client: "keepa (PyPI)", result: "works" } as const;
const failed = { client: "amazon-paapi (npm)", result: "failed" } as const;
const skipped = { client: "amazon-sp-api (npm)", result: "skipped", why: "the npm registry is not reachable" } as const;

describe("the end of the proofs", () => {
  it("is good when all clients work", () =>
    expect(concludeProofs([works])).toEqual({ lines: ["1 of 1 clients work: keepa (PyPI)"], exitCode: 0 }));

  it("names what was skipped and why, once for all of a reason", () => {
    const other = { ...skipped, client: "amazon-paapi (npm)" };
    expect(concludeProofs([works, skipped, other])).toEqual({
      lines: [
        "1 of 3 clients work: keepa (PyPI)",
        "SKIPPED, so not proven: amazon-sp-api (npm), amazon-paapi (npm): the npm registry is not reachable",
      ],
      exitCode: 0,
    });
  });

  it("is bad when one fails", () =>
    expect(concludeProofs([works, failed])).toEqual({
      lines: ["1 of 2 clients work: keepa (PyPI)", "FAILED: amazon-paapi (npm)"],
      exitCode: 1,
    }));

  it("is bad when nothing was proven", () => {
    const { lines, exitCode } = concludeProofs([skipped]);
    expect(lines.at(-1)).toBe("Nothing was proven.");
    expect(exitCode).toBe(1);
  });
});
