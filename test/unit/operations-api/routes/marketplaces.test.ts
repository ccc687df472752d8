import { describe, expect, it } from "vitest";
import type { ShopOverride } from "../../../../lambdas/common/core/marketplaces/shop-settings.ts";
import { person } from "../../../helpers/access/callers.ts";
import { operationsApi, signedIn } from "../operations-world.ts";

const operator = person("op", "operators");

describe("PUT /marketplaces/{code}", () => {
  const api = () => {
    const stored = new Map<string, ShopOverride>();
    const shops = {
      list: async () => [...stored.values()],
      put: async (one: ShopOverride) => void stored.set(one.code, one),
    };
    const { app, get } = operationsApi({ shops });
    const put = async (code: string, body: unknown, env: object = operator) => {
      const headers = { "content-type": "application/json" };
      const init = { method: "PUT", headers, body: JSON.stringify(body) };
      const response = await app.request(`/api/v1/marketplaces/${code}`, init, env);
      return { status: response.status, body: await response.json() };
    };
    return { stored, get, put };
  };

  it("sets what is named and keeps the rest, and the list shows it", async () => {
    const { get, put } = api();
    expect(await put("DE", { partner_tag: "mysite-21" })).toMatchObject({
      status: 200,
      body: { code: "www.amazon.de", enabled: true, partner_tag: "mysite-21" },
    });
    expect((await put("amazon.de", { enabled: false })).body).toMatchObject({
      enabled: false,
      partner_tag: "mysite-21",
    });
    const { body } = await get("/marketplaces", signedIn);
    const shops = new Map(body.items.map((one: { code: string }) => [one.code, one]));
    expect(shops.get("www.amazon.de")).toMatchObject({ enabled: false, partner_tag: "mysite-21" });
    expect(shops.get("www.amazon.fr")).toMatchObject({ enabled: true, partner_tag: null });
    expect((await put("DE", { partner_tag: null })).body).toMatchObject({ enabled: false, partner_tag: null });
  });

  it("is for operators, for the 22 shops, and for what can be set", async () => {
    const { stored, put } = api();
    expect((await put("DE", { enabled: false }, signedIn)).status).toBe(403);
    expect((await put("mars", { enabled: false })).status).toBe(404);
    for (const body of [{ enabled: "no" }, { partner_tag: "a b" }, { partner_tag: "" }, { currency: "EUR" }]) {
      expect((await put("DE", body)).status, JSON.stringify(body)).toBe(400);
    }
    expect(stored.size).toBe(0);
  });
});
