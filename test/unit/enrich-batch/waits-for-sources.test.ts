import { describe, expect, it } from "vitest";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { asins, FULL, fakeSource, START, sourceError } from "../common/sources/chain/fakes.ts";
import { SourcesWorld } from "./sources-world.ts";

const [A = "", B = ""] = asins(3);
const { current_price: _price, currency: _currency, availability_type: _type, ...UNPRICED } = FULL;
const HOUR = 3_600_000;

describe("a product that waits for its next source", () => {
  const unpriced = () => fakeSource({ id: "creators-api", reply: () => UNPRICED });
  const waitingForKeepa = async () => {
    const creators = unpriced();
    const keepa = fakeSource({ id: "keepa" });
    const world = new SourcesWorld(creators, keepa);
    world.limiter.refuse("keepa#me", "rate", START + 180_000);
    const { outcomes, blockedBy } = await world.visit([A]);
    world.limiter.refusals.clear();
    world.clock.advance(180_000);
    return { world, creators, keepa, first: outcomes.get(A), blockedBy };
  };

  it("is stored as a draft, says when it continues, and pays its first source only once", async () => {
    const { world, creators, keepa, first, blockedBy } = await waitingForKeepa();
    expect(first?.result).toEqual({
      ...{ kind: "wait", retryAtMs: START + 180_000, shortCall: false },
      ...{ later: true, source: "keepa" },
    });
    expect(first?.product?.product).toMatchObject({ status: "draft", title: FULL.title, current_price: null });
    expect(blockedBy).toMatchObject([{ source: "keepa", code: "rate" }]);

    const { outcomes } = await world.visit([A]);
    expect(creators.asked).toHaveLength(1);
    expect(keepa.asked).toHaveLength(1);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", fromCache: false, incomplete: false });
    expect(outcomes.get(A)?.product?.product).toMatchObject({
      status: "active",
      current_price: FULL.current_price,
      provenance: { title: { source: "creators-api" }, current_price: { source: "keepa" } },
    });
    // The product was made from both answers.
    expect(outcomes.get(A)?.product?.raw_keys).toEqual(world.archived);
    expect(world.archived).toHaveLength(2);
  });

  it("needs its first source again in a forced run, which uses nothing stored", async () => {
    const world = new SourcesWorld(unpriced(), fakeSource({ id: "keepa" }));
    world.limiter.refuse("keepa#me", "daily-quota", START + 10 * HOUR);
    const { outcomes } = await world.visit([A], { force: true });
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "wait", later: false });
  });

  it.each([
    ["NotFound", undefined],
    ["ItemNotAccessible", true],
  ])("says whether its first source, which said %s, is asked again then", async (code, asksFirst) => {
    const creators = fakeSource({ id: "creators-api", reply: () => code });
    const world = new SourcesWorld(creators, fakeSource({ id: "keepa" }));
    world.limiter.refuse("keepa#me", "rate", START + 20_000);
    const { outcomes } = await world.visit([A]);
    const result = outcomes.get(A)?.result;
    expect(result).toMatchObject({ kind: "wait", later: true, source: "keepa" });
    expect(result && "asksFirst" in result ? result.asksFirst : undefined).toBe(asksFirst);
  });

  it("is not stored again when a visit brought nothing new", async () => {
    const { world } = await waitingForKeepa();
    world.limiter.refuse("keepa#me", "daily-quota", START + 10 * HOUR);
    const { outcomes } = await world.visit([A]);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "wait", retryAtMs: START + 10 * HOUR });
    expect(outcomes.get(A)).not.toHaveProperty("product");
  });

  it("pays again after 24 hours, and whenever the run is forced", async () => {
    const { world, creators } = await waitingForKeepa();
    await world.visit([A], { force: true });
    expect(creators.asked).toHaveLength(2);
    const later = await waitingForKeepa();
    later.world.clock.advance(25 * HOUR);
    await later.world.visit([A]);
    expect(later.creators.asked).toHaveLength(2);
  });
});

describe("credentials that a source refuses", () => {
  const refusing = (id: SourceId) =>
    fakeSource({ id, fail: () => sourceError(id, "critical", "InvalidClient", { status: 401 }) });

  it("are read anew, and what waits for them is looked at again within a minute", async () => {
    const world = new SourcesWorld(refusing("creators-api"));
    const { outcomes, blockedBy } = await world.visit([A]);
    expect(outcomes.get(A)?.result).toEqual({
      ...{ kind: "wait", retryAtMs: START + 60_000, shortCall: false, later: false },
      heldBy: ["creators-api#me"],
    });
    expect(blockedBy).toMatchObject([{ source: "creators-api", code: "InvalidClient" }]);
    expect(world.forgotten).toEqual(["creators-api"]);
    // Paused now, without a call: still read anew each time.
    await world.visit([A]);
    expect(world.forgotten).toEqual(["creators-api", "creators-api"]);
  });

  it("are tried at once in their new version when they changed meanwhile", async () => {
    const old = refusing("creators-api");
    const renewed = fakeSource({ id: "creators-api" });
    const world = new SourcesWorld(old);
    world.forgotten.push = (source: string) => {
      world.sources = [renewed];
      world.limiter.refusals.clear();
      return Array.prototype.push.call(world.forgotten, source);
    };
    const { outcomes, blockedBy } = await world.visit([A, B]);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "creators-api" });
    expect(outcomes.get(B)?.result).toMatchObject({ kind: "enriched", source: "creators-api" });
    expect(blockedBy).toEqual([]);
    expect([old.asked.length, renewed.asked.length]).toEqual([1, 1]);
  });

  it("hold nothing up when another source has it all", async () => {
    const world = new SourcesWorld(refusing("creators-api"), fakeSource({ id: "keepa" }));
    const { outcomes, blockedBy } = await world.visit([A]);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(blockedBy).toEqual([]);
  });
});

describe("an upstream that asks for a long silence", () => {
  it("sends products on to the next source, as a used-up day does", async () => {
    const keepa = fakeSource({ id: "keepa" });
    const world = new SourcesWorld(fakeSource({ id: "creators-api" }), keepa);
    world.limiter.refuse("creators-api#me", "rate", START + 20 * HOUR);
    expect((await world.visit([A])).outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "keepa" });
  });

  it("in the answer to a call is not put to the test by a second one", async () => {
    const fail = () => sourceError("creators-api", "throttled", "ThrottleException", { retryAfterMs: 20 * HOUR });
    const creators = fakeSource({ id: "creators-api", fail });
    const world = new SourcesWorld(creators, fakeSource({ id: "keepa" }));
    expect((await world.visit([A])).outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(creators.asked).toHaveLength(1);
  });

  it("of no more than a minute is waited for", async () => {
    const keepa = fakeSource({ id: "keepa" });
    const world = new SourcesWorld(fakeSource({ id: "creators-api" }), keepa);
    world.limiter.refuse("creators-api#me", "rate", START + 60_000);
    expect((await world.visit([A])).outcomes.get(A)?.result).toMatchObject({ kind: "wait" });
    expect(keepa.asked).toEqual([]);
  });
});
