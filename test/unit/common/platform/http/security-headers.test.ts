import { describe, expect, it } from "vitest";
import { NotFoundError } from "../../../../../lambdas/common/core/errors.ts";
import { createHttpApp } from "../../../../../lambdas/common/platform/http/http-app.ts";
import { silentLog } from "../../../../helpers/silent.ts";

const app = createHttpApp({ logger: silentLog, now: () => 0, newCorrelationId: () => "made-here" });
app.get("/api/v1/content", (c) => c.json({ title: "Desk lamp" }));
app.get("/api/v1/broken", () => {
  throw new NotFoundError("There is nothing.");
});
app.get("/api/v1/failed", () => {
  throw new Error("never shown");
});
app.get("/api/v1/unchanged", (c) => c.body(null, 304));
app.get("/api/v1/counts", (c) =>
  c.json({}, 200, { "cache-control": "public, max-age=10", "content-security-policy": "default-src 'self'" }),
);
const PATHS = { content: 200, broken: 404, failed: 500, unchanged: 304, nowhere: 404 };
const ask = async (path: string) => app.request(`/api/v1/${path}`, {}, {});

describe("every answer, an error too", () => {
  it("may not be kept on its way, unless its route says how long", async () => {
    for (const [path, status] of Object.entries(PATHS)) {
      const { status: came, headers } = await ask(path);
      expect([came, headers.get("cache-control")], path).toEqual([status, "no-store"]);
    }
    expect((await ask("counts")).headers.get("cache-control")).toBe("public, max-age=10");
  });

  it("tells browsers to be careful with it, unless its route says how", async () => {
    for (const path of Object.keys(PATHS)) {
      expect(Object.fromEntries((await ask(path)).headers), path).toMatchObject({
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
      });
    }
    const { headers } = await ask("counts");
    expect(headers.get("content-security-policy")).toBe("default-src 'self'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});
