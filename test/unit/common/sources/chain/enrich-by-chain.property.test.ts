import fc from "fast-check";
import { expect, it } from "vitest";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { asins, bench, DE, FULL, fakeSource, type Reply, request, START, sourceError, US } from "./fakes.ts";

const SEED = testSeed("chain", 20_261_120);

const IDS: readonly SourceId[] = ["creators-api", "sp-api", "keepa"];
const REPLIES: readonly Reply[] = [
  FULL,
  { ...FULL, image_url: null },
  { title: "only a title" },
  { brand: "no title" },
  "NotFound",
  "ItemNotAccessible",
  "Flaky",
];
const FAILURES = [
  ["retriable", "Timeout"],
  ["throttled", "ThrottleException"],
  ["critical", "AssociateNotEligible"],
  ["permanent", "InvalidInput"],
] as const;

/** Each product of a request comes once. */
const keyOf = ({ asin, marketplace }: { asin: string; marketplace: string }) => `${marketplace}#${asin}`;

const product = fc.record({
  asin: fc.constantFrom(...asins(60)),
  marketplace: fc.constantFrom(US, DE),
  suspicions: fc.nat({ max: 3 }),
  attempts: fc.nat({ max: 4 }),
  waited: fc.boolean(),
});

const world = fc.record({
  products: fc.uniqueArray(product, { minLength: 1, maxLength: 80, selector: keyOf }),
  sources: fc.tuple(
    ...IDS.map((id) =>
      fc.record({
        id: fc.constant(id),
        idsPerCall: fc.constantFrom(1, 2, 10, 20, 100),
        ready: fc.boolean(),
        replies: fc.array(fc.nat({ max: REPLIES.length - 1 }), { minLength: 1, maxLength: 7 }),
        failures: fc.array(fc.option(fc.nat({ max: FAILURES.length - 1 }), { freq: 3 }), { maxLength: 12 }),
        refusal: fc.option(fc.constantFrom("rate", "daily-quota", "circuit-open", "paused" as const)),
        shops: fc.constantFrom([US], [US, DE]),
      }),
    ),
  ),
  continues: fc.option(fc.nat({ max: 20 })),
  priority: fc.constantFrom("bulk", "express", "interactive", "refresh" as const),
  fallback: fc.boolean(),
  provider: fc.option(fc.constantFrom(...IDS)),
});

it("gives every product exactly one outcome, whatever the sources and the limiter do, and never overfills a call", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      const sources = w.sources.map((s) => {
        const source = fakeSource({
          id: s.id,
          idsPerCall: s.idsPerCall,
          marketplaces: s.shops,
          reply: (asin) => REPLIES[s.replies[Number(asin.slice(2)) % s.replies.length] ?? 0] ?? FULL,
          fail: (_asins, call) => {
            const failure = FAILURES[s.failures[call - 1] ?? -1];
            return failure && sourceError(s.id, failure[0], failure[1]);
          },
        });
        return s.ready ? source : { descriptor: source.descriptor, unavailable: "not_configured" as const, asked: [] };
      });
      let asks = 0;
      const { continues } = w;
      const { deps, limiter, calls } = bench(sources, {
        mayContinue: () => continues === null || ++asks <= continues,
      });
      for (const s of w.sources) if (s.refusal) limiter.refuse(`${s.id}#me`, s.refusal, START + 600_000);
      const { fallback, provider, priority } = w;
      const result = await enrichByChain(deps, request(w.products, { fallback, provider, priority }));

      const keys = [...new Set(w.products.map((p) => `${p.marketplace}#${p.asin}`))];
      expect([...result.outcomes.keys()].sort()).toEqual(keys.sort());
      for (const [index, source] of sources.entries()) {
        const size = w.sources[index]?.idsPerCall ?? 0;
        for (const call of source.asked) {
          expect(call.asins.length).toBeGreaterThan(0);
          expect(call.asins.length).toBeLessThanOrEqual(size);
          expect(new Set(call.asins).size).toBe(call.asins.length);
          expect(w.sources[index]?.shops).toContain(call.marketplace);
        }
      }
      const made = sources.flatMap(({ asked }) => asked).length;
      expect(limiter.reserved).toHaveLength(made);
      expect(limiter.reports).toHaveLength(made);
      expect(calls).toHaveLength(made);
      for (const outcome of result.outcomes.values()) {
        if (outcome.kind === "enriched") expect(outcome.fields.title).toBeTruthy();
        if (outcome.kind === "failed") expect(["throttled", "critical"]).not.toContain(outcome.failureClass);
        if (outcome.kind === "wait" && outcome.reason === "short-call") expect(priority).toBe("bulk");
      }
    }),
    { seed: SEED, numRuns: testRuns(400) },
  );
});

it("fills calls: with a willing source there is at most one short call a shop", async () => {
  const plain = fc.record({ asin: fc.constantFrom(...asins(300)), marketplace: fc.constantFrom(US, DE) });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(plain, { minLength: 1, maxLength: 200, selector: keyOf }),
      fc.constantFrom("bulk", "express" as const),
      async (products, priority) => {
        const source = fakeSource({ id: "creators-api" });
        const { outcomes } = await enrichByChain(bench([source]).deps, request(products, { priority }));
        for (const shop of [US, DE]) {
          const short = source.asked.filter((c) => c.marketplace === shop && c.asins.length < 10);
          const waiting = [...outcomes.values()].filter((o) => o.kind === "wait" && o.marketplace === shop);
          expect(short.length).toBeLessThanOrEqual(priority === "bulk" ? 0 : 1);
          expect(waiting.length).toBeLessThan(priority === "bulk" ? 10 : 1);
        }
      },
    ),
    { seed: SEED, numRuns: testRuns(200) },
  );
});
