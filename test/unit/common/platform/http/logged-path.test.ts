import { expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { newSecret } from "../../../../../lambdas/common/platform/access/access-secrets.ts";
import { createHttpApp } from "../../../../../lambdas/common/platform/http/http-app.ts";
import { loggedPath } from "../../../../../lambdas/common/platform/http/logged-path.ts";
import { withKey } from "../../../../helpers/access/callers.ts";

const { secret } = newSecret("feed", "feed_0123456789abcdef");

it.each([
  "/api/v1/catalogs/cat_0123456789abcdef/feeds/feed_0123456789abcdef",
  "/api/v1/products/B000000001/enhanced",
  "/",
  "",
])("the path %j is logged as it is", (path) => {
  expect(loggedPath(path)).toBe(path);
});

it("no line of a request has a secret of its path: answered, refused, failed, unavailable or with a key", async () => {
  const lines: string[] = [];
  const note = (message: string, extra: Record<string, unknown>) => void lines.push(message + JSON.stringify(extra));
  const app = createHttpApp({
    logger: { info: note, warn: note, error: note },
    now: () => 0,
    newCorrelationId: () => "c",
    keyCalls: { take: async () => 0 },
  });
  app.get("/api/v1/well/:file", (c) => c.json({}));
  app.get("/api/v1/broken/:file", () => {
    throw new Error("broken");
  });
  app.get("/api/v1/away/:file", () => {
    throw new TransientError("away");
  });
  const statuses: number[] = [];
  for (const place of ["well", "broken", "away", "nowhere"]) {
    const { status } = await app.request(`/api/v1/${place}/${secret}.csv`, {}, withKey("anna", ["read"]));
    statuses.push(status);
  }
  expect(statuses).toEqual([200, 500, 503, 404]);
  const logged = lines.join("\n");
  for (const message of ["request answered", "called with a key", "unhandled error", "unavailable"])
    expect(logged).toContain(message);
  expect(logged).not.toContain(secret.slice(-43, -20));
  expect(logged).not.toContain(secret.slice(-20));
  expect(logged).toContain("/api/v1/well/ef_0123456789abcdef_…");
});
