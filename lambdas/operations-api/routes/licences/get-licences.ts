import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { LicencesSchema, sourceLicences } from "../../../common/core/contract/licences/licences.ts";
import { isInForce } from "../../../common/core/licences/revocations/revocation.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/licences`,
  summary: "What may be done with the data of each source, and what the owner of the stage acknowledged",
  tags: ["Licences"],
  ...signedIn("read"),
  request: { query: strictQuery({}) },
  responses: { 200: json(LicencesSchema, "The licences"), ...problems(400, 401, 503) },
});

/** Registers `GET /licences`. */
export const getLicences = (app: OpenAPIHono<HttpEnv>, { licences }: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const { book, acknowledgements, enabled, revocations } = licences;
    const inForce = (await revocations.list()).filter(isInForce);
    return c.json({ items: sourceLicences(book, acknowledgements, enabled, inForce) }, 200);
  });
};
