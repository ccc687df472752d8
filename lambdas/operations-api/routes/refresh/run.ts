import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import { RefreshRunSchema } from "../../../common/core/contract/refresh/run.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const route = createRoute({
  method: "post",
  path: `${API_BASE}/refresh/run`,
  summary: "Plan the refresh now, over all that is due",
  description:
    "For operators. The schedule plans every hour by itself; this helps after an outage, because it searches all products for what has ended. Safe to repeat: no product is fetched twice in an hour. A stage without the daily refresh answers 409 `refresh_off`.",
  tags: ["Refresh"],
  ...signedIn("operate"),
  request: { query: strictQuery({}) },
  responses: { 202: json(RefreshRunSchema, "It is being planned"), ...problems(400, 401, 403, 409, 503) },
});

/** Registers `POST /refresh/run`. */
export const postRefreshRun = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const requested_at = isoTime(deps.clock.now());
    await deps.refresh.requestPlan();
    return c.json({ message: "The refresh is being planned; GET /refresh/jobs shows its calls.", requested_at }, 202);
  });
};
