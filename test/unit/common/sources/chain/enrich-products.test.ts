import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import type { ChainOutcome } from "../../../../../lambdas/common/sources/chain/chain-result.ts";
import { enrichProducts } from "../../../../../lambdas/common/sources/chain/enrich-products.ts";
import { asins, at, bench, DE, FULL, fakeSource, request, START, sourceError, US } from "./fakes.ts";

const only = (outcomes: ReadonlyMap<string, ChainOutcome>): ChainOutcome => {
  const [first] = [...outcomes.values()];
  if (!first) throw new Error("no outcome");
  return first;
};
const [A = "", B = "", C = ""] = asins(3);
const NO_IMAGE = { ...FULL, image_url: null };
const KEEPA_KEY = "keepa#me";
const CREATORS_KEY = "creators-api#me";

describe("the chain of sources", () => {
  it("asks only the first source when it gives everything, and keeps where each field came from", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa", idsPerCall: 100 });
    const { deps, calls } = bench([creators, keepa], { recordRaw: async () => "raw/1.json" });
    const result = await enrichProducts(deps, request([A]));
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
    const outcome = only((await enrichProducts(bench([creators, keepa]).deps, request([A]))).outcomes);
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
    await enrichProducts(bench([sure, keepa]).deps, request([A]));
    expect(keepa.asked).toHaveLength(0);
    const unsure = fakeSource({ id: "creators-api", reply: () => ({ ...noPrice, availability_type: "unknown" }) });
    const outcome = only((await enrichProducts(bench([unsure, keepa]).deps, request([A]))).outcomes);
    expect(keepa.asked).toHaveLength(1);
    expect(outcome).toMatchObject({ fields: { current_price: "10.00", availability_type: "in_stock" } });
  });

  it("enriches with what there is after the last source, and says what is missing and why", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => NO_IMAGE });
    const keepa = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const outcome = only((await enrichProducts(bench([creators, keepa]).deps, request([A]))).outcomes);
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
    const outcome = only((await enrichProducts(bench([creators, keepa]).deps, request([A]))).outcomes);
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
    const mixed = only((await enrichProducts(bench([creators, keepa]).deps, request([A]))).outcomes);
    expect(mixed).toMatchObject({
      kind: "failed",
      source: "keepa",
      code: "NotAccessible",
      failureClass: "permanent",
      sourceFailures: [{ source: "creators-api", failureClass: "not_found" }, { source: "keepa" }],
    });
    const gone = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const agreed = only((await enrichProducts(bench([creators, gone]).deps, request([A]))).outcomes);
    expect(agreed).toMatchObject({ kind: "failed", source: "creators-api", failureClass: "not_found" });
  });

  it("fails with NotFound when all sources answered and none had a title", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => ({ brand: "B" }) });
    const outcome = only((await enrichProducts(bench([creators]).deps, request([A]))).outcomes);
    expect(outcome).toMatchObject({ kind: "failed", code: "NotFound", failureClass: "not_found" });
  });

  it("does not ask a source again that is remembered to lack the product", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa" });
    const known = { source: "creators-api", code: "ItemNotFound", message: "-", failureClass: "not_found" } as const;
    const result = await enrichProducts(
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
    const first = only((await enrichProducts(deps, request([A], { provider: "keepa" }))).outcomes);
    expect(first).toMatchObject({ kind: "enriched", source: "keepa", incomplete: false });
    expect(creators.asked).toHaveLength(1);
    const alone = only((await enrichProducts(deps, request([A], { provider: "keepa", fallback: false }))).outcomes);
    expect(alone).toMatchObject({ kind: "enriched", source: "keepa", incomplete: true });
    expect(creators.asked).toHaveLength(1);
  });

  it("waits for a provider that the stage does not enable when it may not fall back", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const result = await enrichProducts(bench([creators]).deps, request([A], { provider: "keepa", fallback: false }));
    expect(creators.asked).toEqual([]);
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "not_configured", source: "keepa" });
  });

  it("skips sources that do not serve the shop, and fails when none does", async () => {
    const keepa = fakeSource({ id: "keepa", marketplaces: [US] });
    const outcome = only((await enrichProducts(bench([keepa]).deps, request([{ asin: A, marketplace: DE }]))).outcomes);
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
    const outcome = only((await enrichProducts(deps, request([A]))).outcomes);
    expect(limiter.reserved).toEqual(["sp-api#me", "sp-api#me#item-offers"]);
    expect(outcome).toMatchObject({ kind: "enriched", incomplete: false, fields: { current_price: "5.00" } });
  });

  it("asks for refused offers next time, without fetching the rest again", async () => {
    const reply = { title: "T", image_url: "https://x.test/i.jpg" };
    const offers = () => ({ current_price: "5.00", currency: "USD" });
    const spApi = fakeSource({ id: "sp-api", reply: () => reply, offers });
    const { deps, limiter } = bench([spApi]);
    limiter.refuse("sp-api#me#item-offers", "rate", START + 60_000);
    const waiting = only((await enrichProducts(deps, request([A]))).outcomes);
    expect(waiting).toMatchObject({ kind: "wait", reason: "rate", retryAtMs: START + 60_000 });
    if (waiting.kind !== "wait") throw new Error("not waiting");
    limiter.refusals.clear();
    const again = request([{ asin: A, marketplace: US, existing: waiting.partial }]);
    expect(only((await enrichProducts(deps, again)).outcomes)).toMatchObject({ kind: "enriched", incomplete: false });
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
    const outcome = only((await enrichProducts(bench([creators, offers]).deps, request([A]))).outcomes);
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
    const waiting = only((await enrichProducts(deps, request([A]))).outcomes);
    if (waiting.kind !== "wait") throw new Error(`not waiting: ${waiting.kind}`);
    const again = request([{ asin: A, marketplace: US, existing: waiting.partial }]);
    expect(only((await enrichProducts(deps, again)).outcomes).kind).toBe("wait");
    expect(hidden.asked.map(({ kind }) => kind)).toEqual(["products", "offers"]);
  });

  it("serves a complete fresh copy without any call, trusted a little less", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const provenance = Object.fromEntries(
      Object.keys(FULL).map((field) => [field, { source: "creators-api", fetched_at: at(0) }] as const),
    );
    const result = await enrichProducts(
      bench([creators]).deps,
      request([{ asin: A, marketplace: US, existing: { fields: FULL, provenance } }]),
    );
    expect(creators.asked).toEqual([]);
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", fromCache: true, quality: { accuracy: 0.8 } });
  });
});

describe("how calls are filled", () => {
  it("fills calls over all products of the invocation, shop by shop", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const us = asins(25);
    const de = asins(7, 100).map((asin) => ({ asin, marketplace: DE, waited: true }));
    await enrichProducts(bench([creators]).deps, request([...us.slice(0, 9), ...de, ...us.slice(9)]));
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
    const alone = await enrichProducts(deps, request(["bad"]));
    expect(only(alone.outcomes)).toMatchObject({ kind: "failed", code: "InvalidAsin", failureClass: "permanent" });
    expect([limiter.reserved, calls, recorded, spApi.asked]).toEqual([[], [], [], []]);
    const mixed = await enrichProducts(deps, request(["bad", A]));
    expect(spApi.asked.map((call) => call.asins)).toEqual([[A]]);
    expect([...mixed.outcomes.values()].map(({ kind }) => kind)).toEqual(["failed", "enriched"]);
  });

  it("lets a short trailing bulk call wait once for company", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const fresh = asins(13).map((asin) => ({ asin, marketplace: US }));
    const { outcomes } = await enrichProducts(bench([creators]).deps, request(fresh));
    expect(creators.asked.map((call) => call.asins.length)).toEqual([10]);
    const waits = [...outcomes.values()].filter(({ kind }) => kind === "wait");
    expect(waits).toHaveLength(3);
    expect(waits[0]).toMatchObject({ reason: "short-call", retryAtMs: START + 2_000 });
  });

  it.each(["express", "interactive"] as const)("never lets a short call of %s work wait", async (priority) => {
    const creators = fakeSource({ id: "creators-api" });
    const { outcomes } = await enrichProducts(
      bench([creators]).deps,
      request([{ asin: A, marketplace: US }], { priority }),
    );
    expect(only(outcomes).kind).toBe("enriched");
  });

  it("sends a short call at once when one of its products waited before, or company would save nothing", async () => {
    const creators = fakeSource({ id: "creators-api" });
    await enrichProducts(bench([creators]).deps, request([{ asin: A, marketplace: US }, B]));
    expect(creators.asked).toHaveLength(1);
    const keepa = fakeSource({ id: "keepa", costPerId: true });
    await enrichProducts(bench([keepa]).deps, request([{ asin: A, marketplace: US }]));
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
    await enrichProducts(bench([creators]).deps, request(products));
    expect(creators.asked.map((call) => call.asins.length)).toEqual([6, 5, 1, 1, 1]);
  });
});

describe("refusals", () => {
  it("waits in place for pace within the horizon, then goes on", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const { deps, limiter, clock } = bench([creators]);
    limiter.refuse(CREATORS_KEY, "rate", START + 1_500, false);
    const outcome = only((await enrichProducts(deps, request([A]))).outcomes);
    expect(outcome.kind).toBe("enriched");
    expect(clock.now()).toBe(START + 1_500);
  });

  it("lets the rest wait when the pace is refused beyond the horizon, without asking the next source", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.refuse(CREATORS_KEY, "rate", START + 9_000);
    const result = await enrichProducts(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "rate", retryAtMs: START + 9_000 });
    expect(keepa.asked).toEqual([]);
    expect(result.blockedBy).toEqual([]);
  });

  it.each(["daily-quota", "circuit-open", "paused"] as const)("goes to the next source on %s", async (reason) => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.refuse(CREATORS_KEY, reason, START + 3_600_000);
    const result = await enrichProducts(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(result.blockedBy).toEqual([]);
  });

  it("waits for the earliest return when every source refuses, and names what blocks", async () => {
    const sources = [fakeSource({ id: "creators-api" }), fakeSource({ id: "keepa" })];
    const { deps, limiter } = bench(sources);
    limiter.refuse(CREATORS_KEY, "daily-quota", START + 7_200_000);
    limiter.refuse(KEEPA_KEY, "circuit-open", START + 300_000);
    const result = await enrichProducts(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({
      kind: "wait",
      reason: "circuit-open",
      source: "keepa",
      retryAtMs: START + 300_000,
    });
    expect(result.blockedBy).toMatchObject([
      { source: "creators-api", code: "daily-quota", retry_at: at(7_200_000) },
      { source: "keepa", code: "circuit-open", retry_at: at(300_000) },
    ]);
  });

  it.each([
    ["has answered", "creators-api", ["keepa"], NO_IMAGE, true],
    ["does not have the product", "creators-api", ["keepa"], "NotFound", true],
    ["is what it waits for", "creators-api", ["creators-api", "keepa"], NO_IMAGE, false],
    ["refuses, though a later one answered", "creators-api", ["creators-api"], NO_IMAGE, false],
  ] as const)("says whether a wait is for a later source: the first %s", async (_, first, refusing, reply, later) => {
    const { deps, limiter } = bench([
      fakeSource({ id: first, reply: () => reply }),
      fakeSource({ id: "keepa", reply: () => NO_IMAGE }),
    ]);
    for (const id of refusing) limiter.refuse(`${id}#me`, "daily-quota", START + 7_200_000);
    expect(only((await enrichProducts(deps, request([A]))).outcomes)).toMatchObject({ kind: "wait", later });
  });

  it("takes the first source that has credentials for the first one", async () => {
    const missing = {
      descriptor: fakeSource({ id: "creators-api" }).descriptor,
      unavailable: "not_configured",
    } as const;
    const { deps, limiter } = bench([missing, fakeSource({ id: "keepa" })]);
    limiter.refuse(KEEPA_KEY, "daily-quota", START + 7_200_000);
    expect(only((await enrichProducts(deps, request([A]))).outcomes)).toMatchObject({ kind: "wait", later: false });
  });

  it("spends the last tokens of the day where ids are paid one by one", async () => {
    const keepa = fakeSource({ id: "keepa", idsPerCall: 100, costPerId: true });
    const { deps, limiter } = bench([keepa]);
    limiter.left = 40;
    const { outcomes } = await enrichProducts(deps, request(asins(100)));
    const kinds = [...outcomes.values()].map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "enriched")).toHaveLength(40);
    expect(kinds.filter((kind) => kind === "wait")).toHaveLength(60);
    expect(keepa.asked.map((call) => call.asins.length)).toEqual([40]);
  });

  it("never fails a product for a source that could not be asked", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.refuse(CREATORS_KEY, "daily-quota", START + 7_200_000);
    expect(only((await enrichProducts(deps, request([A]))).outcomes)).toMatchObject({
      kind: "wait",
      source: "creators-api",
    });
  });

  it.each([
    ["daily-quota", "wait"],
    ["circuit-open", "wait"],
    ["paused", "enriched"],
  ] as const)("with a title but no image, a first source refused for %s means %s", async (reason, kind) => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa", reply: () => NO_IMAGE });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.refuse(CREATORS_KEY, reason, START + 7_200_000);
    const outcome = only((await enrichProducts(deps, request([A]))).outcomes);
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === "wait") expect(outcome.partial.fields.title).toBe("A title");
  });

  it("skips sources without credentials, and waits only when no other could be asked", async () => {
    const missing = {
      descriptor: fakeSource({ id: "creators-api" }).descriptor,
      unavailable: "not_configured",
    } as const;
    const keepa = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const failed = await enrichProducts(bench([missing, keepa]).deps, request([A]));
    expect(only(failed.outcomes)).toMatchObject({ kind: "failed", source: "keepa", code: "NotFound" });
    const waiting = await enrichProducts(bench([missing]).deps, request([A]));
    expect(only(waiting.outcomes)).toMatchObject({ kind: "wait", reason: "not_configured", retryAtMs: null });
    expect(waiting.blockedBy).toMatchObject([{ source: "creators-api", code: "not_configured", retry_at: null }]);
    expect(waiting.blockedBy[0]?.action).toContain("enrichline credentials set creators-api");
  });

  it("treats a shop that the credentials cannot serve like missing credentials, without spending a slot", async () => {
    const creators = fakeSource({
      id: "creators-api",
      client: { refusalFor: (shop) => (shop === DE ? { code: "NoPartnerTag", message: "no tag for DE" } : null) },
    });
    const { deps, limiter } = bench([creators]);
    const result = await enrichProducts(deps, request([A, { asin: B, marketplace: DE }]));
    expect(result.outcomes.get(`${US}#${A}`)?.kind).toBe("enriched");
    expect(result.outcomes.get(`${DE}#${B}`)).toMatchObject({
      kind: "wait",
      reason: "not_configured",
      detail: "no tag for DE",
    });
    expect(limiter.reserved).toHaveLength(1);
  });

  it("stops reserving when the caller says so; what is done stays done", async () => {
    const creators = fakeSource({ id: "creators-api" });
    let asks = 0;
    const { deps } = bench([creators], { mayContinue: () => ++asks <= 2 });
    const { outcomes } = await enrichProducts(deps, request(asins(30)));
    const kinds = [...outcomes.values()].map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "enriched")).toHaveLength(20);
    expect([...outcomes.values()].filter((o) => o.kind === "wait" && o.reason === "deadline")).toHaveLength(10);
  });

  it("starts no call when the limiter cannot be reached, and loses nothing", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => "NotFound" });
    const keepa = fakeSource({ id: "keepa" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.broken = new TransientError("the table is away");
    const result = await enrichProducts(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "limiter-unavailable" });
    expect(creators.asked).toEqual([]);
    expect(result.warnings).toEqual(["no call may start: the table is away"]);
  });

  it("reserves again when a slot came up too late, and gives up after five", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const { deps, limiter } = bench([creators]);
    limiter.lost = 2;
    expect(only((await enrichProducts(deps, request([A]))).outcomes).kind).toBe("enriched");
    expect(limiter.reserved).toHaveLength(3);
    limiter.lost = 99;
    expect(only((await enrichProducts(deps, request([A]))).outcomes)).toMatchObject({ kind: "wait", reason: "rate" });
    expect(limiter.reserved).toHaveLength(8);
  });
});

describe("failures", () => {
  it("holds a failed call of many against none of them, but makes them suspects", async () => {
    const fail = (ids: readonly string[]) =>
      ids.includes(A) ? sourceError("creators-api", "retriable", "InternalServerException") : undefined;
    const creators = fakeSource({ id: "creators-api", fail });
    const { deps, limiter, calls } = bench([creators]);
    const { outcomes } = await enrichProducts(deps, request(asins(20)));
    const retries = [...outcomes.values()].filter(({ kind }) => kind === "retry");
    expect(retries).toHaveLength(10);
    expect(retries[0]).toMatchObject({ code: "InternalServerException", counts: false, suspicion: true });
    expect(limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["unhealthy", "success"]);
    expect(calls.map(({ outcome }) => outcome)).toEqual(["failed", "success"]);
  });

  it("holds a failure against a product that was asked about alone, up to its third retry", async () => {
    const creators = fakeSource({
      id: "creators-api",
      fail: () => sourceError("creators-api", "retriable", "Timeout"),
    });
    const { deps } = bench([creators]);
    const first = only((await enrichProducts(deps, request([A]))).outcomes);
    expect(first).toMatchObject({ kind: "retry", code: "Timeout", counts: true, suspicion: false });
    const last = await enrichProducts(deps, request([{ asin: A, marketplace: US, waited: true, attempts: 3 }]));
    expect(only(last.outcomes)).toMatchObject({
      kind: "failed",
      code: "RetriesExhausted",
      rawCode: "Timeout",
      failureClass: "retriable",
    });
  });

  it("blames nobody for the breaker's failed probe", async () => {
    const creators = fakeSource({
      id: "creators-api",
      fail: () => sourceError("creators-api", "retriable", "Timeout"),
    });
    const { deps, limiter } = bench([creators]);
    limiter.probe = true;
    expect(only((await enrichProducts(deps, request([A]))).outcomes)).toMatchObject({
      kind: "retry",
      counts: false,
      suspicion: false,
    });
  });

  it("lets the next source answer for a failure that may pass", async () => {
    const creators = fakeSource({
      id: "creators-api",
      fail: () => sourceError("creators-api", "retriable", "Timeout"),
    });
    const keepa = fakeSource({ id: "keepa" });
    expect(only((await enrichProducts(bench([creators, keepa]).deps, request([A]))).outcomes)).toMatchObject({
      kind: "enriched",
      source: "keepa",
    });
  });

  it("finds the one bad id of a rejected call and fails it alone", async () => {
    const fail = (ids: readonly string[]) =>
      ids.includes(C) ? sourceError("sp-api", "permanent", "InvalidInput", { status: 400 }) : undefined;
    const spApi = fakeSource({ id: "sp-api", idsPerCall: 20, fail });
    const { outcomes } = await enrichProducts(bench([spApi]).deps, request(asins(20)));
    const failed = [...outcomes.values()].filter(({ kind }) => kind !== "enriched");
    expect(failed).toMatchObject([{ kind: "failed", asin: C, code: "InvalidInput" }]);
    expect(spApi.asked.map((call) => call.asins.length)).toEqual([20, 10, 10, ...Array.from({ length: 10 }, () => 1)]);
  });

  it("pauses a source on a critical error, asks it nothing more, and goes on with the next", async () => {
    const fail = () => sourceError("creators-api", "critical", "AssociateNotEligible", { status: 403 });
    const creators = fakeSource({ id: "creators-api", fail });
    const keepa = fakeSource({ id: "keepa", reply: (asin) => (asin === A ? FULL : "NotFound") });
    const { deps, limiter, calls } = bench([creators, keepa]);
    const result = await enrichProducts(deps, request(asins(20)));
    expect(creators.asked).toHaveLength(1);
    expect(limiter.reports[0]?.outcome).toMatchObject({ kind: "critical", code: "AssociateNotEligible" });
    expect(calls[0]).toMatchObject({ outcome: "critical", code: "AssociateNotEligible" });
    expect(result.outcomes.get(`${US}#${A}`)).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(result.outcomes.get(`${US}#${B}`)).toMatchObject({ kind: "wait", reason: "paused" });
    expect(result.blockedBy).toMatchObject([
      { source: "creators-api", code: "AssociateNotEligible", retry_at: at(900_000 + 0) },
    ]);
  });

  it("renews a refused token once, in a second slot, and calls a second refusal critical", async () => {
    const expired = () => sourceError("creators-api", "retriable", "TokenExpired", { status: 401, tokenRefused: true });
    const once = fakeSource({ id: "creators-api", fail: (_ids, call) => (call === 1 ? expired() : undefined) });
    const first = bench([once]);
    expect(only((await enrichProducts(first.deps, request([A]))).outcomes).kind).toBe("enriched");
    expect(first.limiter.reserved).toHaveLength(2);
    expect(first.limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["success", "success"]);

    const always = fakeSource({ id: "creators-api", fail: expired });
    const second = bench([always]);
    const result = await enrichProducts(second.deps, request([A]));
    expect(always.asked).toHaveLength(2);
    expect(second.limiter.reports.at(-1)?.outcome).toMatchObject({ kind: "critical", code: "TokenExpired" });
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "paused" });
  });

  it("fetches the token before the slot, and makes no call without one", async () => {
    const order: string[] = [];
    const creators = fakeSource({
      id: "creators-api",
      client: {
        prepare: async () => {
          order.push("prepare");
          throw sourceError("creators-api", "retriable", "TokenServiceUnavailable");
        },
      },
    });
    const { deps, limiter } = bench([creators]);
    const { outcomes } = await enrichProducts(deps, request(asins(20)));
    expect(creators.asked).toEqual([]);
    expect(order).toEqual(["prepare"]);
    expect(limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["unhealthy"]);
    expect([...outcomes.values()].every((o) => o.kind === "retry" && !o.counts && !o.suspicion)).toBe(true);
  });

  it("leaves the token service alone while the limiter refuses, once it has failed", async () => {
    let asked = 0;
    let isUp = false;
    const creators = fakeSource({
      id: "creators-api",
      client: {
        prepare: async () => {
          asked += 1;
          if (!isUp) throw sourceError("creators-api", "retriable", "TokenServiceUnavailable");
        },
      },
    });
    const { deps, limiter, clock } = bench([creators]);
    const enrich = async () => only((await enrichProducts(deps, request([A]))).outcomes);
    expect(await enrich()).toMatchObject({ kind: "retry", code: "TokenServiceUnavailable" });
    expect(asked).toBe(1);

    limiter.refuse(CREATORS_KEY, "circuit-open", clock.now() + 300_000);
    for (let call = 0; call < 3; call += 1)
      expect(await enrich()).toMatchObject({ kind: "wait", reason: "circuit-open" });
    expect(asked).toBe(1);

    // The breaker lets a probe through: it fails for the token too, and that is reported in its slot.
    limiter.refusals.clear();
    limiter.probe = true;
    expect((await enrich()).kind).toBe("retry");
    expect(asked).toBe(2);
    expect(limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["unhealthy", "unhealthy"]);

    // With the token, the slot is used, or another one when its turn was over.
    isUp = true;
    limiter.lost = 1;
    expect((await enrich()).kind).toBe("enriched");
    expect(creators.asked).toHaveLength(1);
    expect(limiter.reports.at(-1)?.outcome.kind).toBe("success");
    // Healthy again, the token comes before the slot.
    limiter.refuse(CREATORS_KEY, "circuit-open", clock.now() + 300_000);
    const before = asked;
    await enrich();
    expect(asked).toBe(before + 1);
  });

  it("obeys a throttle and comes back later when it does not end", async () => {
    const fail = () =>
      sourceError("creators-api", "throttled", "ThrottleException", { status: 429, retryAfterMs: 60_000 });
    const creators = fakeSource({ id: "creators-api", fail });
    const { deps, limiter, clock } = bench([creators]);
    const result = await enrichProducts(deps, request([A]));
    expect(creators.asked).toHaveLength(3);
    expect(limiter.reports.every(({ outcome }) => outcome.kind === "throttled")).toBe(true);
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "rate", retryAtMs: clock.now() + 60_000 });
  });

  it("holds a passing failure of a single id against that id only", async () => {
    const creators = fakeSource({ id: "creators-api", reply: (asin) => (asin === A ? "Flaky" : FULL) });
    const { outcomes } = await enrichProducts(bench([creators]).deps, request([A, B]));
    expect(outcomes.get(`${US}#${A}`)).toMatchObject({ kind: "retry", code: "Flaky", counts: true });
    expect(outcomes.get(`${US}#${B}`)?.kind).toBe("enriched");
  });

  it("survives a client that throws something unexpected or forgets an id", async () => {
    const odd = fakeSource({ id: "creators-api", fail: () => new RangeError("oops") });
    expect(only((await enrichProducts(bench([odd]).deps, request([A]))).outcomes)).toMatchObject({
      kind: "retry",
      code: "InternalError",
    });
    const forgetful = fakeSource({
      id: "creators-api",
      client: { fetchProducts: async () => ({ products: [], failures: [], raw: "{}", signals: {} }) },
    });
    expect(only((await enrichProducts(bench([forgetful]).deps, request([A]))).outcomes)).toMatchObject({
      kind: "failed",
      code: "NotReturned",
    });
  });

  it("keeps an answer whose archive or report failed, and says so", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const { deps, limiter } = bench([creators], {
      recordRaw: async () => {
        throw new Error("bucket away");
      },
    });
    limiter.report = async () => {
      throw new Error("table away");
    };
    const result = await enrichProducts(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", rawKeys: [] });
    expect(result.warnings).toHaveLength(2);
  });

  it("does not pass made-up data off for a real source that will be back", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const sample = fakeSource({ id: "sample-data" });
    const { deps, limiter } = bench([creators, sample]);
    limiter.refuse(CREATORS_KEY, "daily-quota", START + 7_200_000);
    expect(only((await enrichProducts(deps, request([A]))).outcomes).kind).toBe("wait");
    expect(sample.asked).toEqual([]);
    const alone = only((await enrichProducts(bench([sample]).deps, request([A]))).outcomes);
    expect(alone).toMatchObject({ kind: "enriched", source: "sample-data", quality: { overall: 0 } });
  });
});
