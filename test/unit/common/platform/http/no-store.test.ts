import { expect, it } from "vitest";
import { NotFoundError } from "../../../../../lambdas/common/core/errors.ts";
import { createHttpApp } from "../../../../../lambdas/common/platform/http/http-app.ts";
import { silentLog } from "../../../../helpers/silent.ts";

it("no answer may be kept on its way, an error neither, unless its route says how long", async () => {
  const app = createHttpApp({ logger: silentLog, now: () => 0, newCorrelationId: () => "made-here" });
  app.get("/api/v1/content", (c) => c.json({ title: "Desk lamp" }));
  app.get("/api/v1/broken", () => {
    throw new NotFoundError("There is nothing.");
  });
  app.get("/api/v1/counts", (c) => c.json({}, 200, { "cache-control": "public, max-age=10" }));
  const ask = async (path: string) => {
    const { status, headers } = await app.request(`/api/v1/${path}`, {}, {});
    return [status, headers.get("cache-control")];
  };
  expect(await ask("content")).toEqual([200, "no-store"]);
  expect(await ask("broken")).toEqual([404, "no-store"]);
  expect(await ask("nowhere")).toEqual([404, "no-store"]);
  expect(await ask("counts")).toEqual([200, "public, max-age=10"]);
});
