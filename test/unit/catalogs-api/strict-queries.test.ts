import { describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const operations = createApp(fakeDeps().deps)
  .routes.filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/v1/"))
  .map(({ method, path }) => `${method} ${path}`);

describe("a misspelt query parameter", () => {
  it.each([...new Set(operations)])("is refused by %s", async (operation) => {
    const [method = "", path = ""] = operation.split(" ");
    const id = path.includes("/exports/:id") ? "exp_0000000000000000" : "cat_0000000000000000";
    const body = method === "POST" && { body: "{}", headers: { "content-type": "application/json" } };
    const response = await createApp(fakeDeps().deps).request(
      `${path.replace(":id", id)}?misspelt=1`,
      { method, ...(body || {}) },
      signedIn("user-1"),
    );
    const { errors = [] } = (await response.json()) as { errors?: { problem: string }[] };
    expect(response.status).toBe(400);
    expect(errors.map(({ problem }) => problem).join()).toContain("unknown query parameter");
  });
});
