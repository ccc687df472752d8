import { describe, expect, it } from "vitest";
import type { ChainOutcome } from "../../../../../lambdas/common/sources/chain/chain-result.ts";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { asins, bench, DE, fakeSource, request, START, US } from "./fakes.ts";

const only = (outcomes: ReadonlyMap<string, ChainOutcome>): ChainOutcome => {
  const [first] = [...outcomes.values()];
  if (!first) throw new Error("no outcome");
  return first;
};
const [A = "", B = ""] = asins(3);

describe("how calls are filled", () => {
  it("fills calls over all products of the invocation, shop by shop", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const us = asins(25);
    const de = asins(7, 100).map((asin) => ({ asin, marketplace: DE, waited: true }));
    await enrichByChain(bench([creators]).deps, request([...us.slice(0, 9), ...de, ...us.slice(9)]));
    expect(creators.asked.map((call) => [call.marketplace, call.asins.length])).toEqual([
      [US, 10],
      [US, 10],
      [US, 5],
      [DE, 7],
    ]);
  });

  it("spends no slot on ids that a source can only refuse", async () => {
    const recorded: string[] = [];
    const spApi = fakeSource({
      id: "sp-api",
      client: {
        screen: (ids) =>
          ids.filter((id) => id !== A).map((asin) => ({ asin, code: "InvalidAsin", message: "no ASIN" })),
      },
    });
    const recordRaw = async () => `raw/${recorded.push("x")}`;
    const { deps, limiter, calls } = bench([spApi], { recordRaw });
    const alone = await enrichByChain(deps, request(["bad"]));
    expect(only(alone.outcomes)).toMatchObject({ kind: "failed", code: "InvalidAsin", failureClass: "permanent" });
    expect([limiter.reserved, calls, recorded, spApi.asked]).toEqual([[], [], [], []]);
    const mixed = await enrichByChain(deps, request(["bad", A]));
    expect(spApi.asked.map((call) => call.asins)).toEqual([[A]]);
    expect([...mixed.outcomes.values()].map(({ kind }) => kind)).toEqual(["failed", "enriched"]);
  });

  it("lets a short trailing bulk call wait once for company", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const fresh = asins(13).map((asin) => ({ asin, marketplace: US }));
    const { outcomes } = await enrichByChain(bench([creators]).deps, request(fresh));
    expect(creators.asked.map((call) => call.asins.length)).toEqual([10]);
    const waits = [...outcomes.values()].filter(({ kind }) => kind === "wait");
    expect(waits).toHaveLength(3);
    expect(waits[0]).toMatchObject({ reason: "short-call", retryAtMs: START + 2_000 });
  });

  it("lets a short express call that finds no company go with one that follows, once, and gives its slot back", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const company = { gather: async () => undefined, take: () => [] };
    const { deps, limiter } = bench([creators], { company });
    limiter.follows = true;
    // So that its slot is ahead.
    await enrichByChain(deps, request(asins(10), { priority: "express" }));
    const fresh = { asin: A, marketplace: US };
    const { outcomes } = await enrichByChain(deps, request([fresh], { priority: "express", horizonMs: 5_000 }));
    expect(only(outcomes)).toMatchObject({ kind: "wait", reason: "short-call", source: "creators-api" });
    expect(creators.asked.map((call) => call.asins.length)).toEqual([10]);
    expect(limiter.returned).toHaveLength(1);
    const again = await enrichByChain(deps, request([{ ...fresh, waited: true }], { priority: "express" }));
    expect(only(again.outcomes).kind).toBe("enriched");
  });

  it.each(["express", "interactive"] as const)("never lets a short call of %s work wait", async (priority) => {
    const creators = fakeSource({ id: "creators-api" });
    const { outcomes } = await enrichByChain(
      bench([creators]).deps,
      request([{ asin: A, marketplace: US }], { priority }),
    );
    expect(only(outcomes).kind).toBe("enriched");
  });

  it("sends a short call at once when one of its products waited before, or company would save nothing", async () => {
    const creators = fakeSource({ id: "creators-api" });
    await enrichByChain(bench([creators]).deps, request([{ asin: A, marketplace: US }, B]));
    expect(creators.asked).toHaveLength(1);
    const keepa = fakeSource({ id: "keepa", costPerId: true });
    await enrichByChain(bench([keepa]).deps, request([{ asin: A, marketplace: US }]));
    expect(keepa.asked).toHaveLength(1);
  });

  it("asks about suspects in smaller company, apart from the others", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const products = asins(14).map((asin, index) => ({
      asin,
      marketplace: US,
      waited: true,
      suspicions: index < 6 ? 0 : index < 12 ? 1 : 2,
    }));
    await enrichByChain(bench([creators]).deps, request(products));
    expect(creators.asked.map((call) => call.asins.length)).toEqual([6, 5, 1, 1, 1]);
  });
});
