import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Scope, ScopeSchema } from "../../lambdas/common/core/access/scopes.ts";
import { NewKeySchema } from "../../lambdas/common/core/contract/access/keys.ts";
import { type Answer, Api, type Asked, apiAs } from "../helpers/e2e/api.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { accessTokenOf, expiredTokenOf, forgedFrom } from "../helpers/e2e/tenants/bad-tokens.ts";
import { type Belongings, filled, makeBelongings } from "../helpers/e2e/tenants/belongings.ts";
import { type Route, routesOf } from "../helpers/e2e/tenants/routes.ts";
import { tokenFor } from "../helpers/local-stack.ts";

/*
 * Every route that the deployed API says it has, called by everybody there can be. A new route is called too; where it names
 * what nobody has said the owner of, this fails and says so.
 */
const outputs = inject("outputs");
let world: World;
let operator: Api;
let routes: readonly Route[];
let things: Belongings;
let token: string;
const madeKeys: { readonly api: Api; readonly id: string }[] = [];

beforeAll(async () => {
  world = await openWorld();
  operator = await apiAs(outputs, "operator");
  routes = await routesOf(world.nobody);
  things = await makeBelongings(world.demo);
  token = await tokenFor(outputs, "demo");
});
afterAll(async () => {
  for (const { api, id } of madeKeys) await api.call("DELETE", `/keys/${id}`);
  await world.demo.call("DELETE", `/webhooks/${things.webhook}`);
  world.deployed.close();
});

/** A key of a person. @param change what its body says too */
const keyOf = async (api: Api, scopes: readonly Scope[], change = {}): Promise<{ key: string; id: string }> => {
  const { body } = await api.call("POST", "/keys", {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: `tenants ${scopes.join(" ")}`, scopes, ...change }),
  });
  const { key, key_id: id } = NewKeySchema.parse(body);
  madeKeys.push({ api, id });
  return { key, id };
};

const SAFE = {
  "x-content-type-options": "nosniff",
  "strict-transport-security": expect.stringContaining("max-age="),
  "content-security-policy": expect.stringContaining("default-src 'none'"),
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
};

/** Calls a route of the owner's things, and again as long as the key was used too often. */
const call = async (api: Api, { method, path, asked }: Route, more: Asked = {}): Promise<Answer> => {
  for (;;) {
    const answer = await api.call(method, filled(path, things).path, { ...asked, ...more });
    if (answer.status !== 429) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(answer.headers.get("retry-after") ?? 1)));
  }
};

/** What came of calling each of some routes, by `METHOD /path`. */
const statuses = async (of: readonly Route[], api: Api | ((index: number) => Api)): Promise<Record<string, number>> => {
  const answers: Record<string, number> = {};
  for (const [index, route] of of.entries()) {
    const answer = await call(typeof api === "function" ? api(index) : api, route);
    answers[`${route.method} ${route.path}`] = answer.status;
    // API Gateway's own refusals bear none.
    if (answer.headers.has("x-correlation-id")) expect(Object.fromEntries(answer.headers)).toMatchObject(SAFE);
  }
  return answers;
};
const all = (of: readonly Route[], status: number): Record<string, number> =>
  Object.fromEntries(of.map(({ method, path }) => [`${method} ${path}`, status]));

const guarded = (): Route[] => routes.filter(({ isOpen }) => !isOpen);
const ofOperators = (): Route[] => routes.filter(({ scope }) => scope === "operate");
const namesOwned = ({ path }: Route): boolean => filled(path, things).whose === "owner";

/** What changes by itself: attempts to reach the receiver go on. */
const OF_ITSELF = ["failing_since"];

/** What the owner has, as the owner sees it, so that a refused call that changed something is found. */
const holdings = async (): Promise<unknown> => {
  const seen: Record<string, unknown> = {};
  for (const path of ["/catalogs", "/keys", "/webhooks", `/catalogs/${things.catalog}/feeds`]) {
    const { status, body } = await world.demo.call("GET", path);
    expect(status, path).toBe(200);
    seen[path] = JSON.parse(JSON.stringify(body), (name, value) => (OF_ITSELF.includes(name) ? undefined : value));
  }
  return seen;
};

describe("routes that ask for somebody", () => {
  it("are most of them, and let nobody in without a good credential", async () => {
    expect(guarded().length).toBeGreaterThan(45);
    const { key, id } = await keyOf(world.demo, ["read", "upload"]);
    await world.demo.call("DELETE", `/keys/${id}`);
    const before = await holdings();
    expect(await statuses(guarded(), world.nobody)).toEqual(all(guarded(), 401));
    const forged = Object.values(forgedFrom(token)).map((one) => new Api(outputs.apiUrl, one));
    // Each way of forging meets a third of the routes, and all of them the first ones.
    const at = (index: number): Api => forged[index % forged.length] ?? world.nobody;
    expect(await statuses(guarded(), at)).toEqual(all(guarded(), 401));
    for (const one of forged)
      expect(await statuses(guarded().slice(0, 3), one)).toEqual(all(guarded().slice(0, 3), 401));
    const expired = new Api(outputs.apiUrl, await expiredTokenOf(outputs, "demo"));
    expect(await statuses(guarded(), expired)).toEqual(all(guarded(), 401));
    expect(await statuses(guarded(), new Api(outputs.apiUrl, key))).toEqual(all(guarded(), 401));
    expect(await holdings()).toEqual(before);
  });

  it("let a key do what its scopes say, and nothing else", async () => {
    const before = await holdings();
    for (const scope of ScopeSchema.options) {
      const api = scope === "operate" ? operator : world.other;
      const { key } = await keyOf(api, [scope]);
      const refused = guarded().filter((route) => route.scope !== scope);
      expect(await statuses(refused, new Api(outputs.apiUrl, key)), scope).toEqual(all(refused, 403));
      const reading = guarded().filter(
        (route) => route.scope === scope && route.method === "GET" && !namesOwned(route),
      );
      const came = await statuses(reading, new Api(outputs.apiUrl, key));
      expect(
        Object.entries(came).filter(([, status]) => status === 401 || status === 403),
        scope,
      ).toEqual([]);
    }
    expect(await holdings()).toEqual(before);
  });

  it("let only operators do what is theirs", async () => {
    const before = await holdings();
    expect(ofOperators().length).toBeGreaterThan(4);
    expect(await statuses(ofOperators(), world.demo)).toEqual(all(ofOperators(), 403));
    const access = new Api(outputs.apiUrl, await accessTokenOf(outputs, "demo"));
    expect(await statuses(ofOperators(), access)).toEqual(all(ofOperators(), 403));
    const reading = ofOperators().filter(({ method }) => method === "GET");
    const came = await statuses(reading, operator);
    expect(Object.entries(came).filter(([, status]) => status === 401 || status === 403)).toEqual([]);
    expect(await holdings()).toEqual(before);
  });
});

describe("what belongs to somebody", () => {
  it("does not exist for anybody else", async () => {
    const before = await holdings();
    const owned = guarded().filter(namesOwned);
    expect(owned.length).toBeGreaterThan(24);
    const strangers = {
      "another user": world.other,
      "another user's access token": new Api(outputs.apiUrl, await accessTokenOf(outputs, "other")),
      "an operator": operator,
    };
    for (const [who, api] of Object.entries(strangers)) {
      expect(await statuses(owned, api), who).toEqual(all(owned, 404));
    }
    for (const scope of ["read", "upload"] as const) {
      const { key } = await keyOf(world.other, [scope]);
      const allowed = owned.filter((route) => route.scope === scope);
      expect(await statuses(allowed, new Api(outputs.apiUrl, key)), scope).toEqual(all(allowed, 404));
    }
    expect(await holdings()).toEqual(before);
  });

  it("is in no list that somebody else gets", async () => {
    const lists = guarded().filter((route) => route.method === "GET" && !namesOwned(route));
    const ids = Object.values(things);
    for (const api of [world.other, operator]) {
      for (const route of lists) {
        const text = JSON.stringify((await call(api, route)).body);
        expect(
          ids.filter((id) => text.includes(id)),
          route.path,
        ).toEqual([]);
      }
    }
    const mine = JSON.stringify(await holdings());
    for (const id of [things.catalog, things.key, things.webhook, things.feed]) expect(mine).toContain(id);
  });

  it("is there for its owner, by every route", async () => {
    const owned = guarded().filter(namesOwned);
    // What removes something comes last, and the whole catalog after all that is in it.
    const depth = ({ method, path }: Route): number => (method === "DELETE" ? 100 - path.split("/").length : 0);
    const ordered = [...owned].sort((one, other) => depth(one) - depth(other));
    const came = await statuses(ordered, world.demo);
    // A state may forbid it (409), as resuming what is not paused; nothing else may.
    expect(Object.entries(came).filter(([, status]) => status >= 400 && status !== 409)).toEqual([]);
    expect(Object.values(came).filter((status) => status < 300).length).toBeGreaterThan(18);
  });
});

describe("open routes", () => {
  it("ask nobody who they are", async () => {
    const open = routes.filter(({ isOpen, path }) => isOpen && path !== "/docs");
    const came = await statuses(open, world.nobody);
    const names = new Set(Object.entries(came).filter(([, status]) => status === 401 || status === 403));
    expect([...names]).toEqual([]);
    expect(Object.keys(came).sort()).toEqual([
      "GET /config",
      "GET /feeds/{file}",
      "GET /health",
      "GET /openapi.json",
      "GET /shop/{handle}/products",
      "GET /shop/{handle}/products/{videoId}",
      "GET /websocket/stats",
    ]);
  });
});
