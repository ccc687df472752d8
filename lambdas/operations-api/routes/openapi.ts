import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json } from "../../common/platform/http/route-parts.ts";
import type { Deps } from "../deps.ts";
import { renderDocsPage } from "../docs-page.ts";

const specRoute = createRoute({
  method: "get",
  path: `${API_BASE}/openapi.json`,
  summary: "This description, OpenAPI 3.1",
  tags: ["Operations"],
  responses: { 200: json(z.looseObject({ openapi: z.string().describe("Version of OpenAPI.") }), "The document") },
});

const docsRoute = createRoute({
  method: "get",
  path: `${API_BASE}/docs`,
  summary: "This description as a page to read",
  tags: ["Operations"],
  responses: { 200: { description: "The page", content: { "text/html": { schema: z.string() } } } },
});

/** Nothing is loaded from elsewhere and nothing runs. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** Registers `GET /openapi.json` and `GET /docs`. */
export const getOpenApi = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(specRoute, (c) => c.json({ openapi: "3.1.0", ...deps.openapi }, 200));
  let page: string | undefined;
  app.openapi(docsRoute, (c) => {
    c.header("content-security-policy", PAGE_POLICY);
    // Of the same document every time: rendered once, and not before somebody reads it.
    page ??= renderDocsPage(deps.openapi);
    return c.html(page, 200);
  });
};
