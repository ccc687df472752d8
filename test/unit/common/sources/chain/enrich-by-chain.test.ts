import { describe, expect, it } from "vitest";
import type { ChainOutcome } from "../../../../../lambdas/common/sources/chain/chain-result.ts";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { asins, at, bench, DE, FULL, fakeSource, request, START, US } from "./fakes.ts";

const only = (outcomes: ReadonlyMap<string, ChainOutcome>): ChainOutcome => {
  const [first] = [...outcomes.values()];
  if (!first) throw new Error("no outcome");
  return first;
};
const [A = ""] = asins(3);
const NO_IMAGE = { ...FULL, image_url: null };
const KEEPA_KEY = "keepa#me";

describe("the chain of sources", () => {
  it("asks only the first source when it gives everything, and keeps where each field came from", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa", idsPerCall: 100 });
    const { deps, calls } = bench([creators, keepa], { recordRaw: async () => "raw/1.json" });
    const result = await enrichByChain(deps, request([A]));
    const outcome = only(result.outcomes);
    expect(outcome).toMatchObject({
      kind: "enriched",
      source: "creators-api",
      incomplete: false,
      fromCache: false,
      fields: FULL,
      rawKeys: ["raw/1.json"],
      quality: { overall: 0.98 },
    });
    expect(outcome.kind === "enriched" && outcome.provenance.title).toEqual({
      source: "creators-api",
      fetched_at: at(0),
    });
    expect(keepa.asked).toEqual([]);
    expect(calls).toMatchObject([{ source: "creators-api", outcome: "success", ids: 1, code: null }]);
    expect(result.calls).toEqual({ "creators-api": { calls: 1, ids: 1, failed: 0, throttled: 0 } });
  });

  it("asks the next source for a missing critical field and fills nothing else", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => ({ ...NO_IMAGE, title: "First" }) });
    const keepa = fakeSource({
      id: "keepa",
      reply: () => ({ ...FULL, title: "Second", image_url: "https://x.test/k.jpg", brand: "K" }),
    });
    const outcome = only((await enrichByChain(bench([creators, keepa]).deps, request([A]))).outcomes);
    expect(outcome).toMatchObject({
      kind: "enriched",
      source: "creators-api",
      fields: { title: "First", image_url: "https://x.test/k.jpg", brand: "K" },
      provenance: { title: { source: "creators-api" }, image_url: { source: "keepa" }, brand: { source: "keepa" } },
    });
  });

  it("takes a definite availability for a missing price, but not an unknown one", async () => {
    const noPrice = { ...FULL, current_price: null, currency: null };
    const keepa = fakeSource({ id: "keepa" });
    const sure = fakeSource({ id: "creators-api", reply: () => ({ ...noPrice, availability_type: "out_of_stock" }) });
    await enrichByChain(bench([sure, keepa]).deps, request([A]));
    expect(keepa.asked).toHaveLength(0);
    const unsure = fakeSource({ id: "creators-api", reply: () => ({ ...noPrice, availability_type: "unknown" }) });
    const outcome = only((await enrichByChain(bench([unsure, keepa]).deps, request([A]))).outcomes);
    expect(keepa.asked).toHaveLength(1);
    expect(outcome).toMatchObject({ fields: { current_price: "10.00", availability_type: "in_stock" } });
  });

  it("enriches with what there is after the last source, and says what is missing and why", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => NO_IMAGE });
    const keepa = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const outcome = only((await enrichByChain(bench([creators, keepa]).deps, request([A]))).outcomes);
    expect(outcome).toMatchObject({ kind: "enriched", incomplete: true });
    expect(outcome.kind === "enriched" && outcome.missing).toContainEqual({
      field: "image_url",
      reason: "creators-api has none; keepa answered NotFound",
    });
    expect(outcome.kind === "enriched" && outcome.missing).toContainEqual({
      field: "features",
      reason: "no enabled source gives it for this shop",
    });
    expect(outcome.sourceFailures).toEqual([
      { source: "keepa", code: "NotFound", message: `NotFound ${A}`, failureClass: "not_found" },
    ]);
  });

  it("fails a product that no source has, with the first source's own code", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => "ItemNotAccessible" });
    const keepa = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const outcome = only((await enrichByChain(bench([creators, keepa]).deps, request([A]))).outcomes);
    expect(keepa.asked).toHaveLength(1);
    expect(outcome).toMatchObject({
      kind: "failed",
      source: "creators-api",
      code: "ItemNotAccessible",
      failureClass: "permanent",
    });
  });

  it("calls a product gone only when every source that was asked says so", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => "NotFound" });
    const keepa = fakeSource({ id: "keepa", reply: () => "NotAccessible" });
    const mixed = only((await enrichByChain(bench([creators, keepa]).deps, request([A]))).outcomes);
    expect(mixed).toMatchObject({
      kind: "failed",
      source: "keepa",
      code: "NotAccessible",
      failureClass: "permanent",
      sourceFailures: [{ source: "creators-api", failureClass: "not_found" }, { source: "keepa" }],
    });
    const gone = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const agreed = only((await enrichByChain(bench([creators, gone]).deps, request([A]))).outcomes);
    expect(agreed).toMatchObject({ kind: "failed", source: "creators-api", failureClass: "not_found" });
  });

  it("fails with NotFound when all sources answered and none had a title", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => ({ brand: "B" }) });
    const outcome = only((await enrichByChain(bench([creators]).deps, request([A]))).outcomes);
    expect(outcome).toMatchObject({ kind: "failed", code: "NotFound", failureClass: "not_found" });
  });

  it("does not ask a source again that is remembered to lack the product", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa" });
    const known = { source: "creators-api", code: "ItemNotFound", message: "-", failureClass: "not_found" } as const;
    const result = await enrichByChain(
      bench([creators, keepa]).deps,
      request([{ asin: A, marketplace: US, knownFailures: [known] }], { priority: "express" }),
    );
    expect(creators.asked).toEqual([]);
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", source: "keepa" });
  });

  it("puts the provider in front, and stops after it without fallback", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa", reply: () => NO_IMAGE });
    const { deps } = bench([creators, keepa]);
    const first = only((await enrichByChain(deps, request([A], { provider: "keepa" }))).outcomes);
    expect(first).toMatchObject({ kind: "enriched", source: "keepa", incomplete: false });
    expect(creators.asked).toHaveLength(1);
    const alone = only((await enrichByChain(deps, request([A], { provider: "keepa", fallback: false }))).outcomes);
    expect(alone).toMatchObject({ kind: "enriched", source: "keepa", incomplete: true });
    expect(creators.asked).toHaveLength(1);
  });

  it("waits for a provider that the stage does not enable when it may not fall back", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const result = await enrichByChain(bench([creators]).deps, request([A], { provider: "keepa", fallback: false }));
    expect(creators.asked).toEqual([]);
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "not_configured", source: "keepa" });
  });

  it("skips sources that do not serve the shop, and fails when none does", async () => {
    const keepa = fakeSource({ id: "keepa", marketplaces: [US] });
    const outcome = only((await enrichByChain(bench([keepa]).deps, request([{ asin: A, marketplace: DE }]))).outcomes);
    expect(keepa.asked).toEqual([]);
    expect(outcome).toMatchObject({ kind: "failed", source: null, code: "NoSourceForMarketplace" });
  });

  it("asks a source for its offers when they are an operation of their own", async () => {
    const spApi = fakeSource({
      id: "sp-api",
      reply: () => ({ title: "T", image_url: "https://x.test/i.jpg" }),
      offers: () => ({ current_price: "5.00", currency: "USD" }),
    });
    const { deps, limiter } = bench([spApi]);
    const outcome = only((await enrichByChain(deps, request([A]))).outcomes);
    expect(limiter.reserved).toEqual(["sp-api#me", "sp-api#me#item-offers"]);
    expect(outcome).toMatchObject({ kind: "enriched", incomplete: false, fields: { current_price: "5.00" } });
  });

  it("asks for refused offers next time, without fetching the rest again", async () => {
    const reply = { title: "T", image_url: "https://x.test/i.jpg" };
    const offers = () => ({ current_price: "5.00", currency: "USD" });
    const spApi = fakeSource({ id: "sp-api", reply: () => reply, offers });
    const { deps, limiter } = bench([spApi]);
    limiter.refuse("sp-api#me#item-offers", "rate", START + 60_000);
    const waiting = only((await enrichByChain(deps, request([A]))).outcomes);
    expect(waiting).toMatchObject({ kind: "wait", reason: "rate", retryAtMs: START + 60_000 });
    if (waiting.kind !== "wait") throw new Error("not waiting");
    limiter.refusals.clear();
    const again = request([{ asin: A, marketplace: US, existing: waiting.partial }]);
    expect(only((await enrichByChain(deps, again)).outcomes)).toMatchObject({ kind: "enriched", incomplete: false });
    expect(spApi.asked.map(({ kind }) => kind)).toEqual(["products", "offers"]);
  });

  it("asks for offers where an earlier source is unsure of the availability, and only once", async () => {
    const unsure = { ...FULL, current_price: null, currency: null, availability_type: "unknown" } as const;
    const creators = fakeSource({ id: "creators-api", reply: () => unsure });
    const offers = fakeSource({
      id: "sp-api",
      reply: () => ({ brand: "B" }),
      offers: () => ({ current_price: "5.00", currency: "USD", availability_type: "in_stock" }),
    });
    const outcome = only((await enrichByChain(bench([creators, offers]).deps, request([A]))).outcomes);
    expect(outcome).toMatchObject({
      kind: "enriched",
      incomplete: false,
      fields: { current_price: "5.00", availability_type: "in_stock" },
      provenance: { current_price: { source: "sp-api" } },
    });

    // A hidden offer leaves the question open; the product waits for the next source and comes back.
    const hidden = fakeSource({
      id: "sp-api",
      reply: () => ({ title: "T", image_url: "https://x.test/i.jpg" }),
      offers: () => ({ availability_type: "unknown" }),
    });
    const { deps, limiter } = bench([hidden, fakeSource({ id: "keepa" })]);
    limiter.refuse(KEEPA_KEY, "circuit-open", START + 300_000);
    const waiting = only((await enrichByChain(deps, request([A]))).outcomes);
    if (waiting.kind !== "wait") throw new Error(`not waiting: ${waiting.kind}`);
    const again = request([{ asin: A, marketplace: US, existing: waiting.partial }]);
    expect(only((await enrichByChain(deps, again)).outcomes).kind).toBe("wait");
    expect(hidden.asked.map(({ kind }) => kind)).toEqual(["products", "offers"]);
  });

  it("serves a complete fresh copy without any call, trusted a little less", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const provenance = Object.fromEntries(
      Object.keys(FULL).map((field) => [field, { source: "creators-api", fetched_at: at(0) }] as const),
    );
    const result = await enrichByChain(
      bench([creators]).deps,
      request([{ asin: A, marketplace: US, existing: { fields: FULL, provenance } }]),
    );
    expect(creators.asked).toEqual([]);
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", fromCache: true, quality: { accuracy: 0.8 } });
  });
});
