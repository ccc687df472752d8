import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { OwnedPlaceSchema } from "../../../common/core/access/access-row.ts";
import { KeySchema } from "../../../common/core/contract/access/keys.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { keyView } from "./key-view.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/keys`,
  summary: "Your keys, newest first",
  description: "Without their secrets. Ended keys are listed for 90 days.",
  tags: ["Access"],
  ...signedIn("person"),
  request: { query: strictQuery(pageQuery) },
  responses: { 200: json(pageOf(KeySchema), "A page"), ...problems(400, 401, 503) },
});

/** Registers `GET /keys`. */
export const listKeys = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { userId } = callerOf(c);
    const list: ListName = [userId, "keys"];
    const page = await deps.keys.list(userId, limit, await deps.cursors.open(list, cursor, OwnedPlaceSchema));
    const nowMs = deps.clock.now();
    const items = page.rows.map((row) => keyView(row, nowMs));
    return c.json({ items, next_cursor: await deps.cursors.seal(list, page.next) }, 200);
  });
};
