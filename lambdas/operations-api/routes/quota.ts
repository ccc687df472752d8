import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../common/core/clock.ts";
import { QuotaSchema } from "../../common/core/contract/operations/quota.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import { explainCode } from "../../common/sources/checks/explain-code.ts";
import type { Deps } from "../deps.ts";
import { sourceQuota } from "../sources/source-quota.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/quota`,
  summary: "Per source: what is allowed, used and left today, and what to do next",
  tags: ["Operations"],
  ...signedIn("read"),
  request: { query: strictQuery({}) },
  responses: { 200: json(QuotaSchema, "The sources"), ...problems(400, 401, 503) },
});

/** Registers `GET /quota`. Reads counters only; spends no call. */
export const getQuota = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const nowMs = deps.clock.now();
    const statuses = await deps.readSourceStatuses();
    return c.json(
      { sources: statuses.map((status) => sourceQuota(status, nowMs, explainCode)), timestamp: isoTime(nowMs) },
      200,
    );
  });
};
