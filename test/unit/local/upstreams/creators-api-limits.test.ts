import { describe, expect, it } from "vitest";
import { LOCAL_PARTNER_TAGS } from "../../../../local/upstreams/local-credentials.ts";
import { start, US } from "./creators-api-rig.ts";

describe("limits and faults", () => {
  const item = { itemIds: ["B071HMM81V"] };

  it("lets one call a second in, whatever the credential, and says when to come back", async () => {
    const { authorization, call, control } = await start({});
    const [one, two] = [await authorization("3.1"), await authorization("2.1")];
    expect((await call("getItems", one, item)).status).toBe(200);
    const refused = await call("searchItems", two, { keywords: "x" });
    expect(refused).toMatchObject({ status: 429, body: { type: "ThrottleException", retryAfterSeconds: 1 } });
    await control("/behaviour", { clock_offset_ms: 1_010 });
    expect((await call("getItems", two, item)).status).toBe(200);
    const calls = (await control("/calls")).body;
    expect(calls).toMatchObject({
      total: 3,
      by_status: { 200: 2, 429: 1 },
      max_calls_in_any_second: 2,
      token_calls: 2,
    });
    expect(calls.ids_per_call).toEqual({ mean: 1, histogram: { 1: 2 } });
  });

  it("ends a rolling day after its calls and opens when the first of them is a day old", async () => {
    const { authorization, call, control } = await start({
      calls_per_second: 1000,
      calls_per_day: 2,
      token_expires_in: 900_000,
    });
    const auth = await authorization("3.1");
    expect((await call("getItems", auth, item)).status).toBe(200);
    await control("/behaviour", { clock_offset_ms: 3_600_000 });
    expect((await call("getItems", auth, item)).status).toBe(200);
    const refused = await call("getItems", auth, item);
    expect(refused.status).toBe(429);
    expect(refused.body.retryAfterSeconds).toBeGreaterThan(82_000);
    await control("/behaviour", { clock_offset_ms: 86_400_500 });
    expect((await call("getItems", auth, item)).status).toBe(200);
    expect((await call("getItems", auth, item)).status).toBe(429);
  });

  it.each([
    ["header", "1", undefined],
    ["both", "1", 1],
    ["none", null, undefined],
  ])("puts the wait where its switch says: %s", async (retry_after, header, inBody) => {
    const { authorization, call } = await start({ retry_after });
    const auth = await authorization("3.1");
    await call("getItems", auth, item);
    const refused = await call("getItems", auth, item);
    expect(refused.headers.get("retry-after")).toBe(header);
    expect(refused.body.retryAfterSeconds).toBe(inBody);
  });

  it("breaks down as told and is back after a reset", async () => {
    const { simulator, authorization, call, control } = await start();
    const auth = await authorization("3.1");
    await control("/behaviour", { not_eligible: true });
    expect(await call("getItems", auth, item)).toMatchObject({ status: 403, body: { reason: "AssociateNotEligible" } });
    await control("/behaviour", { not_eligible: false, endless_429: true });
    expect((await call("getItems", auth, item)).status).toBe(429);
    await control("/behaviour", { endless_429: null, outage: true });
    expect((await call("getItems", auth, item)).status).toBe(503);
    await control("/behaviour", { outage: "reset" });
    await expect(fetch(`${simulator.url}/catalog/v1/getItems`, { method: "POST" })).rejects.toThrow();
    await control("/behaviour", { outage: false, error_rate: 1 });
    expect(await call("getItems", auth, item)).toMatchObject({
      status: 500,
      body: { type: "InternalServerException" },
    });
    await control("/behaviour", { error_rate: 0, fail_calls_with_asins: { B071HMM81V: 502 } });
    expect((await call("getItems", auth, item)).status).toBe(502);
    await control("/reset", {});
    expect((await call("getItems", auth, item)).status).toBe(200);
    expect((await control("/calls")).body).toMatchObject({ total: 1, by_status: { 200: 1 } });
  });

  it("counts a call whose caller left before the answer", async () => {
    const { simulator, authorization, control } = await start({ calls_per_second: 1000, latency_ms: 60_000 });
    await control("/behaviour", { latency_ms: 0 });
    const auth = await authorization("3.1");
    await control("/behaviour", { latency_ms: null });
    const signal = AbortSignal.timeout(100);
    const headers = { authorization: auth, "content-type": "application/json", "x-marketplace": US };
    const body = JSON.stringify({ partnerTag: LOCAL_PARTNER_TAGS[US], ...item });
    await expect(
      fetch(`${simulator.url}/catalog/v1/getItems`, { method: "POST", headers, body, signal }),
    ).rejects.toThrow();
    await expect.poll(async () => (await control("/calls")).body.by_status).toEqual({ aborted: 1 });
  });

  it("refuses unknown and wrong switches with the reason and changes nothing", async () => {
    const { control } = await start();
    const before = (await control("/behaviour")).body;
    const answer = await control("/behaviour", { latency_ms: 5, surprise: true });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain("surprise");
    expect((await control("/behaviour", { error_rate: 2 })).status).toBe(400);
    expect((await control("/behaviour")).body).toEqual(before);
    expect((await control("/nowhere")).status).toBe(404);
  });

  it("gives the same answers after a new start with the same seed", async () => {
    const ask = async () => {
      const { authorization, call } = await start();
      const itemIds = Array.from({ length: 10 }, (_, at) => `B01234567${at}`);
      return (
        await call("getItems", await authorization("3.1"), {
          itemIds,
          resources: ["offersV2.listings.price", "itemInfo.title"],
        })
      ).body;
    };
    expect(await ask()).toEqual(await ask());
  });
});
