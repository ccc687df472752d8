import { describe, expect, it } from "vitest";
import type { ChainOutcome } from "../../../../../lambdas/common/sources/chain/chain-result.ts";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { asins, at, bench, FULL, fakeSource, request, START, sourceError, US } from "./fakes.ts";

const only = (outcomes: ReadonlyMap<string, ChainOutcome>): ChainOutcome => {
  const [first] = [...outcomes.values()];
  if (!first) throw new Error("no outcome");
  return first;
};
const [A = "", B = "", C = ""] = asins(3);
const CREATORS_KEY = "creators-api#me";

describe("failures", () => {
  it("holds a failed call of many against none of them, but makes them suspects", async () => {
    const fail = (ids: readonly string[]) =>
      ids.includes(A) ? sourceError("creators-api", "retriable", "InternalServerException") : undefined;
    const creators = fakeSource({ id: "creators-api", fail });
    const { deps, limiter, calls } = bench([creators]);
    const { outcomes } = await enrichByChain(deps, request(asins(20)));
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
    const first = only((await enrichByChain(deps, request([A]))).outcomes);
    expect(first).toMatchObject({ kind: "retry", code: "Timeout", counts: true, suspicion: false });
    const last = await enrichByChain(deps, request([{ asin: A, marketplace: US, waited: true, attempts: 3 }]));
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
    expect(only((await enrichByChain(deps, request([A]))).outcomes)).toMatchObject({
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
    expect(only((await enrichByChain(bench([creators, keepa]).deps, request([A]))).outcomes)).toMatchObject({
      kind: "enriched",
      source: "keepa",
    });
  });

  it("finds the one bad id of a rejected call and fails it alone", async () => {
    const fail = (ids: readonly string[]) =>
      ids.includes(C) ? sourceError("sp-api", "permanent", "InvalidInput", { status: 400 }) : undefined;
    const spApi = fakeSource({ id: "sp-api", idsPerCall: 20, fail });
    const { outcomes } = await enrichByChain(bench([spApi]).deps, request(asins(20)));
    const failed = [...outcomes.values()].filter(({ kind }) => kind !== "enriched");
    expect(failed).toMatchObject([{ kind: "failed", asin: C, code: "InvalidInput" }]);
    expect(spApi.asked.map((call) => call.asins.length)).toEqual([20, 10, 10, ...Array.from({ length: 10 }, () => 1)]);
  });

  it("pauses a source on a critical error, asks it nothing more, and continues with the next", async () => {
    const fail = () => sourceError("creators-api", "critical", "AssociateNotEligible", { status: 403 });
    const creators = fakeSource({ id: "creators-api", fail });
    const keepa = fakeSource({ id: "keepa", reply: (asin) => (asin === A ? FULL : "NotFound") });
    const { deps, limiter, calls } = bench([creators, keepa]);
    const result = await enrichByChain(deps, request(asins(20)));
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
    expect(only((await enrichByChain(first.deps, request([A]))).outcomes).kind).toBe("enriched");
    expect(first.limiter.reserved).toHaveLength(2);
    expect(first.limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["success", "success"]);

    const always = fakeSource({ id: "creators-api", fail: expired });
    const second = bench([always]);
    const result = await enrichByChain(second.deps, request([A]));
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
    const { outcomes } = await enrichByChain(deps, request(asins(20)));
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
    const enrich = async () => only((await enrichByChain(deps, request([A]))).outcomes);
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

    // With the token, the slot is used, or another one when its time was over.
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
    const result = await enrichByChain(deps, request([A]));
    expect(creators.asked).toHaveLength(3);
    expect(limiter.reports.every(({ outcome }) => outcome.kind === "throttled")).toBe(true);
    expect(only(result.outcomes)).toMatchObject({ kind: "wait", reason: "rate", retryAtMs: clock.now() + 60_000 });
  });

  it("holds a passing failure of a single id against that id only", async () => {
    const creators = fakeSource({ id: "creators-api", reply: (asin) => (asin === A ? "Flaky" : FULL) });
    const { outcomes } = await enrichByChain(bench([creators]).deps, request([A, B]));
    expect(outcomes.get(`${US}#${A}`)).toMatchObject({ kind: "retry", code: "Flaky", counts: true });
    expect(outcomes.get(`${US}#${B}`)?.kind).toBe("enriched");
  });

  it("survives a client that throws something unexpected or forgets an id", async () => {
    const odd = fakeSource({ id: "creators-api", fail: () => new RangeError("oops") });
    expect(only((await enrichByChain(bench([odd]).deps, request([A]))).outcomes)).toMatchObject({
      kind: "retry",
      code: "InternalError",
    });
    const forgetful = fakeSource({
      id: "creators-api",
      client: { fetchProducts: async () => ({ products: [], failures: [], raw: "{}", signals: {} }) },
    });
    expect(only((await enrichByChain(bench([forgetful]).deps, request([A]))).outcomes)).toMatchObject({
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
    const result = await enrichByChain(deps, request([A]));
    expect(only(result.outcomes)).toMatchObject({ kind: "enriched", rawKeys: [] });
    expect(result.warnings).toHaveLength(2);
  });

  it("does not pass made-up data off for a real source that will be back", async () => {
    const creators = fakeSource({ id: "creators-api" });
    const sample = fakeSource({ id: "sample-data" });
    const { deps, limiter } = bench([creators, sample]);
    limiter.refuse(CREATORS_KEY, "daily-quota", START + 7_200_000);
    expect(only((await enrichByChain(deps, request([A]))).outcomes).kind).toBe("wait");
    expect(sample.asked).toEqual([]);
    const alone = only((await enrichByChain(bench([sample]).deps, request([A]))).outcomes);
    expect(alone).toMatchObject({ kind: "enriched", source: "sample-data", quality: { overall: 0 } });
  });
});
