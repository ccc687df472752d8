import { describe, expect, it } from "vitest";
import { costOfRun } from "../../../../../lambdas/common/core/cost/cost-of-run.ts";
import { PRICES_OF } from "../../../../../lambdas/common/core/cost/list-prices.ts";

const RUN = { enriched: 990, failed: 10, used_wu: 3_000, used_ru: 800, used_put: 100, used_gb_ms: 10_000 };
const US = "us-east-1";

describe("the cost of a run", () => {
  it("is what it used at list prices, by part, in all and for 1,000 products", () => {
    expect(costOfRun({ ...RUN, used_calls: 50, used_sqs: 120, used_event: 1_000, used_keepa: 7 }, US)).toEqual({
      // 1,875 + 100 + 500 + 133.334 + 10 + 60 + 1,000 micro-dollars.
      usd: "0.003679",
      usd_per_1000_products: "0.003679",
      parts: {
        table_writes: "0.001875",
        table_reads: "0.000100",
        functions: "0.000144",
        queues: "0.000060",
        objects: "0.000500",
        events: "0.001000",
      },
      keepa_tokens: 7,
      prices_of: PRICES_OF,
    });
  });

  it("counts each product that ended once, and none before the first did", () => {
    expect(costOfRun({ ...RUN, enriched: 490, failed: 10 }, US)?.usd_per_1000_products).toBe("0.005217");
    expect(costOfRun({ ...RUN, enriched: 0, failed: 0 }, US)?.usd_per_1000_products).toBeNull();
  });

  it("is dearer where AWS is, and says of where its prices are", () => {
    expect(costOfRun({ enriched: 1, failed: 0, used_wu: 1_000_000 }, US)?.usd).toBe("0.625000");
    const frankfurt = costOfRun({ enriched: 1, failed: 0, used_wu: 1_000_000 }, "eu-central-1");
    expect(frankfurt).toMatchObject({ usd: "0.762500", prices_of: { region: "eu-central-1" } });
    expect(costOfRun(RUN, "xx-unknown-9")?.prices_of.region).toBe("us-east-1");
  });

  it("is not known of a run of before", () => {
    expect(costOfRun({ enriched: 5, failed: 0 }, US)).toBeNull();
  });
});
