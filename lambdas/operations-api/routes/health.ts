import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { HealthSchema } from "../../common/core/contract/operations/health.ts";
import { errorWords } from "../../common/core/error-words.ts";
import { sourceStateOf, worstStateOf } from "../../common/core/sources/source-states.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/health`,
  summary: "Whether the service can work; spends no quota",
  description:
    "`degraded`: it works, but a source has no credentials or its breaker is open. `down` (503): the database or the queue does not answer.",
  tags: ["Operations"],
  request: { query: strictQuery({}) },
  responses: {
    200: json(HealthSchema, "It works, perhaps degraded"),
    503: json(HealthSchema, "Database or queue does not answer"),
    ...problems(400),
  },
});

/** A probe that takes longer counts as down. */
const PROBE_TIMEOUT_MS = 3_000;

/** Registers `GET /health`. */
export const getHealth = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const probe = async (name: string, ping: (signal: AbortSignal) => Promise<void>) => {
    const startedAt = deps.clock.now();
    try {
      await ping(AbortSignal.timeout(PROBE_TIMEOUT_MS));
      return { status: "ok" as const, latency_ms: Math.max(0, deps.clock.now() - startedAt) };
    } catch (error) {
      deps.logger.warn("health probe failed", { component: name, error: errorWords(error) });
      return { status: "down" as const, latency_ms: Math.max(0, deps.clock.now() - startedAt) };
    }
  };

  const readSources = async () => {
    try {
      const statuses = await deps.readSourceStatuses();
      const nowMs = deps.clock.now();
      return Object.fromEntries(
        statuses.map((status) => [status.id, sourceStateOf(worstStateOf(status, nowMs), nowMs)]),
      );
    } catch (error) {
      deps.logger.warn("health probe failed", { component: "sources", error: errorWords(error) });
      return null;
    }
  };

  app.openapi(route, async (c) => {
    const [database, queue, sources] = await Promise.all([
      probe("database", deps.pingDatabase),
      probe("queue", deps.pingQueue),
      readSources(),
    ]);
    const components = { database, queue, sources };
    if (database.status === "down" || queue.status === "down")
      return c.json({ status: "down" as const, components }, 503);
    // A source without credentials is skipped, which is no trouble as long as there is another one.
    const states = Object.values(sources ?? {});
    const troubled = states.includes("circuit_open") || states.every((state) => state === "not_configured");
    return c.json({ status: troubled ? ("degraded" as const) : ("ok" as const), components }, 200);
  });
};
