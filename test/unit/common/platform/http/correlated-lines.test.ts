import { afterEach, expect, it, vi } from "vitest";
import { createHttpApp } from "../../../../../lambdas/common/platform/http/http-app.ts";
import { createLogger } from "../../../../../lambdas/common/platform/logger.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it("every line that a request logs on its way carries its correlation id, those of an error too", async () => {
  vi.stubEnv("POWERTOOLS_DEV", "true");
  const lines: Record<string, unknown>[] = [];
  for (const method of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(JSON.parse(String(line))));
  }
  const logger = createLogger();
  const app = createHttpApp({ logger, now: () => 0, newCorrelationId: () => "made-here" });
  app.get("/api/v1/x", (c) => {
    logger.warn("breaker changed", { to: "paused" });
    if (c.req.query("fail") !== undefined) throw new Error("broken");
    return c.json({});
  });
  const ask = (path: string, id: string) => app.request(path, { headers: { "x-correlation-id": id } }, {});
  expect((await ask("/api/v1/x", "request-1")).status).toBe(200);
  expect((await ask("/api/v1/x?fail", "request-2")).status).toBe(500);
  logger.info("between requests");
  expect(lines.map(({ message, correlation_id }) => [message, correlation_id])).toEqual([
    ["breaker changed", "request-1"],
    ["request answered", "request-1"],
    ["breaker changed", "request-2"],
    ["unhandled error", "request-2"],
    ["request answered", "request-2"],
    ["between requests", undefined],
  ]);
});
