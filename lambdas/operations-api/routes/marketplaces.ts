import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { MarketplacesSchema, marketplaceAnswer } from "../../common/core/contract/operations/marketplaces.ts";
import { MARKETPLACES } from "../../common/core/products/marketplaces.ts";
import { API_BASE, callerOf, type HttpEnv } from "../../common/platform/http/http-app.ts";
import { json, problems, SIGNED_IN } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/marketplaces`,
  summary: "The shops, and what a site about them must say",
  description:
    "Texts in the shop's language are translations of our own; Amazon's wording in English is always beside them.",
  tags: ["Products"],
  security: SIGNED_IN,
  request: { query: strictQuery({}) },
  responses: { 200: json(MarketplacesSchema, "The shops"), ...problems(400, 401) },
});

/** Registers `GET /marketplaces`. */
export const getMarketplaces = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, (c) => {
    callerOf(c);
    const { default_marketplace } = deps.config;
    return c.json({ items: MARKETPLACES.map(marketplaceAnswer), default_marketplace }, 200);
  });
};
