import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../common/core/clock.ts";
import { LiveTicketSchema } from "../../common/core/contract/live/live.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const route = createRoute({
  method: "post",
  path: `${API_BASE}/live/tickets`,
  summary: "A ticket that opens one WebSocket connection within a minute",
  tags: ["Live"],
  ...signedIn("read"),
  request: { query: strictQuery({}) },
  responses: { 201: json(LiveTicketSchema, "The ticket"), ...problems(400, 401, 503) },
});

/** Registers `POST /live/tickets`: browsers cannot send a token with a WebSocket, and addresses are logged on their way. */
export const postLiveTicket = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { ticket, expiresAtMs } = await deps.tickets.issue(callerOf(c).userId, deps.clock.now());
    return c.json({ ticket, expires_at: isoTime(expiresAtMs) }, 201);
  });
};
