import type { OpenAPIHono } from "@hono/zod-openapi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createApp as catalogsApi } from "../../../../../lambdas/catalogs-api/app.ts";
import type { Deps as CatalogsDeps } from "../../../../../lambdas/catalogs-api/deps.ts";
import { type Scope, ScopeSchema } from "../../../../../lambdas/common/core/access/scopes.ts";
import type { HttpEnv } from "../../../../../lambdas/common/platform/http/http-env.ts";
import { TooManyCallsError } from "../../../../../lambdas/common/platform/http/problems/too-many-calls-error.ts";
import { createApp as operationsApi } from "../../../../../lambdas/operations-api/app.ts";
import type { Deps as OperationsDeps } from "../../../../../lambdas/operations-api/deps.ts";
import { createApp as productsApi } from "../../../../../lambdas/products-api/app.ts";
import type { Deps as ProductsDeps } from "../../../../../lambdas/products-api/deps.ts";
import { nobody, person, withKey } from "../../../../helpers/access/callers.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("scopes of keys");
const NOW = Date.UTC(2026, 7, 1, 12);

/** Whatever a route touches of its deps, it has got past the door. */
let reached = 0;
let waitMs = 0;
const door = {
  clock: { now: () => NOW },
  newId: () => "0123456789abcdef",
  logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  keyCalls: { take: async () => waitMs },
};
/** Deps of which calling anything counts; routes take them apart when they are registered. */
const lazily = <Deps extends object>(): Deps => {
  const lazy: () => unknown = () =>
    new Proxy(() => undefined, {
      get: () => lazy(),
      // Fails when it is awaited, as what it stands for: thrown at once, it would leave what runs beside it alone.
      apply: () => {
        reached += 1;
        return {
          // biome-ignore lint/suspicious/noThenProperty: a promise that nobody awaits would be an unhandled one
          then: (_: unknown, reject: (error: Error) => void) => reject(new Error("the route is reached")),
        };
      },
    });
  return new Proxy(door, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : lazy()),
  }) as unknown as Deps;
};
const APPS: readonly OpenAPIHono<HttpEnv>[] = [
  catalogsApi(lazily<CatalogsDeps>()),
  productsApi(lazily<ProductsDeps>()),
  operationsApi(lazily<OperationsDeps>()),
];
const OperationsSchema = z.record(
  z.string(),
  z.record(z.string(), z.looseObject({ security: z.array(z.record(z.string(), z.array(z.string()))).optional() })),
);
const ROUTES = APPS.flatMap((app) => {
  const document = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "t", version: "1" } });
  return Object.entries(OperationsSchema.parse(document.paths)).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ app, path, method: method.toUpperCase(), security })),
  );
});
const GUARDED = ROUTES.filter(({ security }) => security !== undefined);
const scopeOf = ({ security }: (typeof ROUTES)[number]): string | undefined =>
  security?.flatMap(({ key = [] }) => key)[0];

const ask = async (route: (typeof ROUTES)[number], env: object): Promise<number> => {
  const path = route.path
    .replace("{id}", route.path.includes("/keys/") ? "key_0123456789abcdef" : "cat_0123456789abcdef")
    .replace("{feedId}", "feed_0123456789abcdef")
    .replace(/\{[^}]+\}/g, "B000000001");
  const body = route.method === "GET" || route.method === "DELETE" ? {} : { body: "{}" };
  const init = { method: route.method, headers: { "content-type": "application/json" }, ...body };
  return (await route.app.request(path, init, env)).status;
};

describe("every route that asks for somebody", () => {
  it("says which scope a key needs, or that no key will do", () => {
    expect(GUARDED.length).toBeGreaterThan(35);
    for (const route of GUARDED) {
      const scopes = route.security?.flatMap(({ key = [] }) => key) ?? [];
      expect(
        route.security?.some((one) => "bearer" in one),
        route.path,
      ).toBe(true);
      expect(scopes.length, `${route.method} ${route.path}`).toBeLessThanOrEqual(1);
      for (const scope of scopes) expect(ScopeSchema.options).toContain(scope);
    }
    const people = GUARDED.filter((route) => scopeOf(route) === undefined).map(
      ({ method, path }) => `${method} ${path}`,
    );
    // Who has one key must not make others, nor send what the owner gets elsewhere.
    expect(people.sort()).toEqual([
      "DELETE /api/v1/catalogs/{id}/feeds/{feedId}",
      "DELETE /api/v1/keys/{id}",
      "DELETE /api/v1/webhooks/{id}",
      "GET /api/v1/keys",
      "PATCH /api/v1/webhooks/{id}",
      "POST /api/v1/catalogs/{id}/feeds",
      "POST /api/v1/keys",
      "POST /api/v1/webhooks",
      "POST /api/v1/webhooks/{id}/deliveries/{delivery_id}/resend",
      "POST /api/v1/webhooks/{id}/secret",
      "POST /api/v1/webhooks/{id}/test",
    ]);
  });

  it("is not reached by a key without its scope, and is by one with it, whatever else the key has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...GUARDED), fc.subarray([...ScopeSchema.options]), async (route, scopes) => {
        const needed = scopeOf(route);
        const may = needed !== undefined && scopes.some((scope: Scope) => scope === needed);
        const before = reached;
        const status = await ask(route, withKey("anna", scopes, { groups: ["operators"] }));
        if (may) expect([401, 403, 429], `${route.method} ${route.path} ${scopes}`).not.toContain(status);
        else {
          expect(status, `${route.method} ${route.path} ${scopes}`).toBe(403);
          expect(reached).toBe(before);
        }
      }),
      { numRuns: testRuns(400), seed: SEED },
    );
  });

  it("is reached by nobody without a good token or key, nor with a key whose time is over", async () => {
    const over = { validUntil: new Date(NOW).toISOString() };
    for (const route of GUARDED) {
      const before = reached;
      for (const env of [{}, nobody("token"), nobody("key"), withKey("anna", ScopeSchema.options, over)]) {
        expect(await ask(route, env), `${route.method} ${route.path}`).toBe(401);
      }
      expect(reached).toBe(before);
      expect([401, 403], `${route.method} ${route.path}`).not.toContain(await ask(route, person("anna", "operators")));
    }
  });

  it("is reached by operators only where keys need the scope operate", async () => {
    const theirs = GUARDED.filter((route) => scopeOf(route) === "operate");
    expect(theirs.length).toBeGreaterThan(4);
    for (const route of theirs) {
      for (const env of [person("anna"), person("anna", "others"), withKey("anna", ScopeSchema.options)]) {
        const before = reached;
        expect(await ask(route, env), `${route.method} ${route.path}`).toBe(403);
        expect(reached).toBe(before);
      }
      expect([401, 403], `${route.method} ${route.path}`).not.toContain(await ask(route, person("anna", "operators")));
    }
  });

  it("is held to so many calls by one key, and people are not", async () => {
    waitMs = 2_500;
    try {
      for (const route of GUARDED) {
        expect(await ask(route, withKey("anna", ScopeSchema.options, { groups: ["operators"] }))).toBe(429);
        expect(await ask(route, person("anna", "operators"))).not.toBe(429);
      }
    } finally {
      waitMs = 0;
    }
    expect(new TooManyCallsError("x", 2_500).retryAfterSeconds).toBe(3);
  });
});
