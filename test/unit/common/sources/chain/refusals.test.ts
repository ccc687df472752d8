import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import type { ChainOutcome } from "../../../../../lambdas/common/sources/chain/chain-result.ts";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { asins, at, bench, DE, FULL, fakeSource, request, START, US } from "./fakes.ts";

const only = (outcomes: ReadonlyMap<string, ChainOutcome>): ChainOutcome => {
  const [first] = [...outcomes.values()];
  if (!first) throw new Error("no outcome");
  return first;
};
const [A = "", B = ""] = asins(3);
const NO_IMAGE = { ...FULL, image_url: null };
const KEEPA_KEY = "keepa#me";
const CREATORS_KEY = "creators-api#me";

describe("refusals", () => {
  it("waits in place for pace within the horizon, then continues", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const { deps, limiter, clock } = bench([creators]);
    limiter.refuse(CREATORS_KEY, "rate", START + 1_500, false);
    const outcome = only((await enrichByChain(deps, request([A]))).outcomes);
    expect(outcome.kind).toBe("enriched");
    expect(clock.now()).toBe(START + 1_500);
  });

  it("lets the rest wait when the pace is refused beyond the horizon, without asking the next source", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.refuse(CREATORS_KEY, "rate", START + 9_000);
    const result = await enrichByChain(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "rate", retryAtMs: START + 9_000 });
    expect(keepa.asked).toEqual([]);
    expect(result.blockedBy).toEqual([]);
  });

  it.each(["daily-quota", "circuit-open", "paused"] as const)("goes to the next source on %s", async (reason) => {
    const creators = fakeSource({ id: "creators-api" });
    const keepa = fakeSource({ id: "keepa" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.refuse(CREATORS_KEY, reason, START + 3_600_000);
    const result = await enrichByChain(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(result.blockedBy).toEqual([]);
  });

  it("waits for the earliest return when every source refuses, and names what blocks", async () => {
    const sources = [fakeSource({ id: "creators-api" }), fakeSource({ id: "keepa" })];
    const { deps, limiter } = bench(sources);
    limiter.refuse(CREATORS_KEY, "daily-quota", START + 7_200_000);
    limiter.refuse(KEEPA_KEY, "circuit-open", START + 300_000);
    const result = await enrichByChain(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({
      kind: "wait",
      reason: "circuit-open",
      source: "keepa",
      retryAtMs: START + 300_000,
      // A day that is used up does not end before its time; a breaker may.
      heldBy: [KEEPA_KEY],
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
    expect(only((await enrichByChain(deps, request([A]))).outcomes)).toMatchObject({ kind: "wait", later });
  });

  it("takes the first source that has credentials for the first one", async () => {
    const missing = {
      descriptor: fakeSource({ id: "creators-api" }).descriptor,
      unavailable: "not_configured",
    } as const;
    const { deps, limiter } = bench([missing, fakeSource({ id: "keepa" })]);
    limiter.refuse(KEEPA_KEY, "daily-quota", START + 7_200_000);
    expect(only((await enrichByChain(deps, request([A]))).outcomes)).toMatchObject({ kind: "wait", later: false });
  });

  it("spends the last tokens of the day where ids are paid one by one", async () => {
    const keepa = fakeSource({ id: "keepa", idsPerCall: 100, costPerId: true });
    const { deps, limiter } = bench([keepa]);
    limiter.left = 40;
    const { outcomes } = await enrichByChain(deps, request(asins(100)));
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
    expect(only((await enrichByChain(deps, request([A]))).outcomes)).toMatchObject({
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
    const outcome = only((await enrichByChain(deps, request([A]))).outcomes);
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === "wait") expect(outcome.partial.fields.title).toBe("A title");
  });

  it("skips sources without credentials, and waits only when no other could be asked", async () => {
    const missing = {
      descriptor: fakeSource({ id: "creators-api" }).descriptor,
      unavailable: "not_configured",
    } as const;
    const keepa = fakeSource({ id: "keepa", reply: () => "NotFound" });
    const failed = await enrichByChain(bench([missing, keepa]).deps, request([A]));
    expect(only(failed.outcomes)).toMatchObject({ kind: "failed", source: "keepa", code: "NotFound" });
    const waiting = await enrichByChain(bench([missing]).deps, request([A]));
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
    const result = await enrichByChain(deps, request([A, { asin: B, marketplace: DE }]));
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
    const { outcomes } = await enrichByChain(deps, request(asins(30)));
    const kinds = [...outcomes.values()].map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "enriched")).toHaveLength(20);
    expect([...outcomes.values()].filter((o) => o.kind === "wait" && o.reason === "deadline")).toHaveLength(10);
  });

  it("starts no call when the limiter cannot be reached, and loses nothing", async () => {
    const creators = fakeSource({ id: "creators-api", reply: () => "NotFound" });
    const keepa = fakeSource({ id: "keepa" });
    const { deps, limiter } = bench([creators, keepa]);
    limiter.broken = new TransientError("the table is away");
    const result = await enrichByChain(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "limiter-unavailable" });
    expect(creators.asked).toEqual([]);
    expect(result.warnings).toEqual(["no call may start: the table is away"]);
  });

  it("reserves again when a slot came up too late, and gives up after five", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const { deps, limiter } = bench([creators]);
    limiter.lost = 2;
    expect(only((await enrichByChain(deps, request([A]))).outcomes).kind).toBe("enriched");
    expect(limiter.reserved).toHaveLength(3);
    limiter.lost = 99;
    expect(only((await enrichByChain(deps, request([A]))).outcomes)).toMatchObject({ kind: "wait", reason: "rate" });
    expect(limiter.reserved).toHaveLength(8);
  });
});
