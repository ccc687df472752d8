import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { KeyIdSchema } from "../../../common/core/access/api-key.ts";
import { KeySchema } from "../../../common/core/contract/access/keys.ts";
import { NotFoundError } from "../../../common/core/errors.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { keyView } from "./key-view.ts";

const route = createRoute({
  method: "delete",
  path: `${API_BASE}/keys/{id}`,
  summary: "Revoke a key",
  description: "It lets nobody in from now on, within 60 seconds: API Gateway keeps for so long who a key belongs to.",
  tags: ["Access"],
  ...signedIn("person"),
  request: {
    params: z.object({
      id: KeyIdSchema.describe("The key, as the answer that made it named it.").meta({
        example: "key_7k2m9x4v1z0d5h3n",
      }),
    }),
    query: strictQuery({}),
  },
  responses: { 200: json(KeySchema, "The key, which has ended"), ...problems(400, 401, 404, 503) },
});

/** Registers `DELETE /keys/{id}`. Safe to repeat. */
export const revokeKey = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { userId } = callerOf(c);
    const nowMs = deps.clock.now();
    const row = await deps.keys.revoke(id, userId, nowMs);
    if (!row) throw new NotFoundError(`there is no key "${id}"`);
    deps.logger.warn("a key was revoked", { key_id: id, user_id: userId });
    return c.json(keyView(row, nowMs), 200);
  });
};
