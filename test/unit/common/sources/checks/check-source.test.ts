import { describe, expect, it } from "vitest";
import {
  LOCAL_CREATORS_CREDENTIALS,
  LOCAL_CREDENTIALS,
  LOCAL_PARTNER_TAGS,
} from "../../../../../local/upstreams/local-credentials.ts";
import { checkedSources, FAST } from "./checked-source.ts";

const setUp = checkedSources();

const steps = (found: { checks: readonly { name: string; ok: boolean }[] }) =>
  found.checks.map(({ name, ok }) => `${name}: ${ok ? "ok" : "failed"}`);
const creators = LOCAL_CREDENTIALS["creators-api"];

describe("with good credentials", () => {
  it.each([
    ["creators-api", FAST, ["credentials shape: ok", "token: ok", "one call: ok"]],
    ["paapi", FAST, ["credentials shape: ok", "one call: ok"]],
    ["sp-api", {}, ["credentials shape: ok", "token: ok", "one call: ok"]],
    ["keepa", {}, ["credentials shape: ok", "one call: ok"]],
  ] as const)("%s answers one call, which is counted", async (source, behaviour, expected) => {
    const { check, counted, upstreamCalls } = await setUp(source, LOCAL_CREDENTIALS[source], behaviour);
    const found = await check();
    expect(found).toMatchObject({ source, ok: true, state: "ok", next_step: "" });
    expect(steps(found)).toEqual(expected);
    expect(await upstreamCalls()).toBe(1);
    expect(counted).toMatchObject([{ source, outcome: "success", ids: 1 }]);
  });

  it("asks the shop that the credentials serve, or the one that is named", async () => {
    const secret = { ...LOCAL_CREATORS_CREDENTIALS["3.2"], partner_tags: LOCAL_PARTNER_TAGS };
    const { check } = await setUp("creators-api", secret, FAST);
    expect(await check()).toMatchObject({ ok: true, marketplace: "www.amazon.co.uk" });
    expect(await check({ marketplace: "www.amazon.de" })).toMatchObject({ ok: true, marketplace: "www.amazon.de" });
    const far = await check({ marketplace: "www.amazon.com" });
    expect(far).toMatchObject({ ok: false, checks: [{ name: "credentials shape", ok: false }] });
    expect(far.reason).toContain("another region");
    const seller = await setUp("sp-api", { ...LOCAL_CREDENTIALS["sp-api"], region: "EU" }, { bind_regions: false });
    expect(await seller.check()).toMatchObject({ ok: true, marketplace: "www.amazon.co.uk" });
  });

  it("never trusts a token from before, nor a secret from before", async () => {
    const { check, tokens, world } = await setUp("creators-api", creators, FAST);
    await check();
    const [first] = tokens.values();
    await check();
    expect([...tokens.values()][0]).not.toBe(first);
    expect(world.forgotten).toBe(2);
  });
});

describe("without a call", () => {
  it("says that nothing is stored", async () => {
    const { check, upstreamCalls } = await setUp("keepa", undefined);
    expect(await check()).toMatchObject({
      ok: false,
      state: "not_configured",
      marketplace: null,
      next_step: "Store them with: enrichline credentials set keepa",
      checks: [{ name: "credentials shape", ok: false, detail: "No credentials are stored." }],
    });
    expect(await upstreamCalls()).toBe(0);
  });

  it("names missing and wrong fields, never values", async () => {
    const { check, upstreamCalls } = await setUp("sp-api", { client_id: "very-secret-id", region: "very-secret" });
    const found = await check();
    expect(found.checks[0]?.detail).toMatch(
      /client_secret is missing; refresh_token is missing; region: Invalid option/,
    );
    expect(JSON.stringify(found)).not.toContain("very-secret");
    expect(await upstreamCalls()).toBe(0);
  });

  it("says so when no shop can be asked with the credentials", async () => {
    const { check, upstreamCalls } = await setUp(
      "creators-api",
      { ...creators, partner_tags: { DE: "mine-21" } },
      FAST,
    );
    const found = await check();
    expect(found).toMatchObject({ ok: false, marketplace: null, checks: [{ name: "credentials shape", ok: false }] });
    expect(found.reason).toContain("no partner tag for any shop of their region");
    const tagless = await setUp("paapi", { ...LOCAL_CREDENTIALS.paapi, partner_tags: {} });
    expect((await tagless.check()).reason).toContain("no partner tag");
    expect(await upstreamCalls()).toBe(0);
  });

  it("refuses when the day is used up, and says when it continues", async () => {
    const { check, upstreamCalls } = await setUp("creators-api", creators, FAST);
    // Interactive calls may use the whole day.
    expect((await check({ calls_per_day: 1 })).ok).toBe(true);
    const found = await check({ calls_per_day: 1 });
    expect(found).toMatchObject({ ok: false, state: "waiting" });
    expect(found.reason).toBe("Today's allowance of creators-api is used up (1 used). No call was made.");
    expect(found.next_step).toMatch(/at \d\d:\d\d UTC on /);
    expect(steps(found)).toEqual(["credentials shape: ok", "token: ok", "one call: failed"]);
    expect(await upstreamCalls()).toBe(1);
  });

  it("refuses while the source is paused; new credentials end the pause", async () => {
    const { check, world, upstreamCalls } = await setUp("creators-api", { ...creators, client_secret: "wrong" }, FAST);
    const bad = await check();
    expect(bad).toMatchObject({ ok: false, state: "paused" });
    const again = await check();
    expect(again).toMatchObject({ ok: false, state: "paused" });
    expect(again.reason).toMatch(/^creators-api is paused: .* No call was made\.$/);
    expect(await upstreamCalls()).toBe(0);
    world.text = JSON.stringify(creators);
    world.version = "v2";
    expect(await check()).toMatchObject({ ok: true, state: "ok" });
    expect(await upstreamCalls()).toBe(1);
  });
});
