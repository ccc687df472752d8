import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { ProbeSchema, SourceCheckSchema } from "../../common/core/contract/operations/probes.ts";
import { ConflictError } from "../../common/core/errors.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const route = createRoute({
  method: "post",
  path: `${API_BASE}/operations/probes`,
  summary: "Find out whether a source works, and if not, what to do",
  description:
    "For operators. Reads the credentials as they are stored now, checks their shape, fetches a new access token and makes one cheap call in a slot of its own, which counts against the day. No call is made while the source is paused or used up; credentials that were stored since end a pause.",
  tags: ["Operations"],
  ...signedIn("operate"),
  request: {
    query: strictQuery({}),
    body: { required: true, content: { "application/json": { schema: ProbeSchema, example: { source: "keepa" } } } },
  },
  responses: {
    200: json(SourceCheckSchema, "What was found, good or bad"),
    ...problems(400, 401, 403, 409, 503),
  },
});

/** Registers `POST /operations/probes`. */
export const postProbe = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { source, marketplace } = c.req.valid("json");
    const check = await deps.checkSource(source, marketplace);
    if (!check) {
      throw new ConflictError(
        `${source} is not among the sources of this stage: add it to the stage's "sources" in cdk.json and deploy.`,
        "source_not_enabled",
      );
    }
    return c.json(check, 200);
  });
};
