import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { FailureGroupDetailSchema } from "../../../common/core/contract/operations/failure-groups.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findGroup, GroupParams, reachOf } from "./group-access.ts";
import { detailOf, showGroup } from "./group-views.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/operations/failures/{group}`,
  summary: "One failure group, with its runs, its last trial and its history",
  tags: ["Failures"],
  ...signedIn("read"),
  request: { params: GroupParams, query: strictQuery({}) },
  responses: { 200: json(FailureGroupDetailSchema, "The group"), ...problems(400, 401, 404, 503) },
});

/** Registers `GET /operations/failures/{group}`. */
export const getFailureGroup = (app: OpenAPIHono<HttpEnv>, { failures }: Deps): void => {
  app.openapi(route, async (c) => {
    const found = await findGroup(failures, reachOf(callerOf(c)), c.req.valid("param").group);
    return c.json(detailOf(await showGroup(failures, found.now.runs, found), found), 200);
  });
};
