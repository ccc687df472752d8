import { describe, expect, it } from "vitest";
import { RunStateSchema } from "../../../../../lambdas/common/core/runs/run-states.ts";
import { servableProducts } from "../../../../../lambdas/common/core/runs/servable-products.ts";
import { aRun } from "../../../../helpers/rows.ts";

describe("servable products", () => {
  it.each(RunStateSchema.options)("of a run in state %s are what is pending and not parked, or none", (state) => {
    const expected = state === "queued" || state === "running" ? 5 : 0;
    expect(servableProducts([aRun({ state, pending: 7, parked: 2 })])).toBe(expected);
  });

  it("are summed over runs; rows of older versions have nothing parked", () => {
    const { parked: _none, ...older } = aRun({ state: "running", pending: 3 });
    expect(servableProducts([older, aRun({ state: "queued", pending: 4, parked: 4 })])).toBe(3);
    expect(servableProducts([])).toBe(0);
  });
});
