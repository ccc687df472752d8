import { expect, it } from "vitest";
import { failureRows } from "../../../../lambdas/enrich-batch/record/failure-rows.ts";
import { LICENCES } from "../../../helpers/rights.ts";
import { aBatch, asinNumber } from "../../../helpers/rows.ts";

it("a failure row has no words of a source whose content ends, but what its code means", () => {
  const before = aBatch();
  const after = {
    ...before,
    items: before.items.map((item) => ({ ...item, state: "failed" as const, error_code: "X" })),
  };
  const message = (source: "creators-api" | "keepa") => {
    const failure = { source, rawCode: "Timeout", message: "Desk lamp did not answer" };
    const result = { kind: "failed", code: "X" } as const;
    const outcomes = new Map([[`${after.marketplace}#${asinNumber(1)}`, { result, failure }]]);
    return failureRows({ before, after }, outcomes, "2026-11-29T12:00:00.000Z", LICENCES)[0]?.message;
  };
  expect(message("creators-api")).toBe("Amazon did not answer in time. Check the network, then try again.");
  expect(message("keepa")).toBe("Desk lamp did not answer");
});
