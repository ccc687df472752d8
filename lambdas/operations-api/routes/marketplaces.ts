import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isoTime } from "../../common/core/clock.ts";
import {
  MarketplaceAnswerSchema,
  MarketplaceChangeSchema,
  MarketplacesSchema,
  marketplaceAnswer,
} from "../../common/core/contract/operations/marketplaces.ts";
import { NotFoundError } from "../../common/core/errors.ts";
import type { ShopOverride } from "../../common/core/marketplaces/shop-settings.ts";
import { findMarketplace, MARKETPLACES } from "../../common/core/products/marketplaces.ts";
import { quoted } from "../../common/core/text/quoted.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const listRoute = createRoute({
  method: "get",
  path: `${API_BASE}/marketplaces`,
  summary: "The shops, what is set for them, and what a site about them must say",
  description:
    "Texts in the shop's language are translations of our own; Amazon's wording in English is always beside them.",
  tags: ["Products"],
  ...signedIn("read"),
  request: { query: strictQuery({}) },
  responses: { 200: json(MarketplacesSchema, "The shops"), ...problems(400, 401, 503) },
});

const putRoute = createRoute({
  method: "put",
  path: `${API_BASE}/marketplaces/{code}`,
  summary: "Switch a shop on or off, or set its partner tag",
  description:
    "For operators; it holds within half a minute. While a shop is switched off, look-ups, imports and searches in it are refused, its rows in uploads are rejected, and its products are not enriched. What is stored can still be read.",
  tags: ["Products"],
  ...signedIn("operate"),
  request: {
    params: z.object({
      code: z
        .string()
        .max(100)
        .describe("The shop, as www.amazon.de, amazon.de or DE.")
        .meta({ example: "www.amazon.de" }),
    }),
    query: strictQuery({}),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: MarketplaceChangeSchema,
          example: { enabled: true, partner_tag: "mysite-21" },
        },
      },
    },
  },
  responses: { 200: json(MarketplaceAnswerSchema, "The shop as it is now"), ...problems(400, 401, 403, 404, 415, 503) },
});

const overrideOf = (overrides: readonly ShopOverride[], code: string): ShopOverride | undefined =>
  overrides.find((one) => one.code === code);

/** Registers `GET /marketplaces`. */
export const getMarketplaces = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(listRoute, async (c) => {
    callerOf(c);
    const { default_marketplace } = deps.config;
    const overrides = await deps.shops.list();
    const items = MARKETPLACES.map((shop) => marketplaceAnswer(shop, overrideOf(overrides, shop.code)));
    return c.json({ items, default_marketplace }, 200);
  });
};

/** Registers `PUT /marketplaces/{code}`. Of two writers at once the last one holds. */
export const putMarketplace = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(putRoute, async (c) => {
    const caller = callerOf(c);
    const { code } = c.req.valid("param");
    const shop = findMarketplace(code);
    if (!shop) throw new NotFoundError(`there is no shop ${quoted(code)}: GET /marketplaces lists them`);
    const change = c.req.valid("json");
    const before = overrideOf(await deps.shops.list(), shop.code);
    const override: ShopOverride = {
      code: shop.code,
      enabled: change.enabled ?? before?.enabled ?? true,
      partner_tag: change.partner_tag === undefined ? (before?.partner_tag ?? null) : change.partner_tag,
      updated_at: isoTime(deps.clock.now()),
      updated_by: caller.userId,
    };
    await deps.shops.put(override);
    deps.logger.warn("a shop was set", { ...override });
    return c.json(marketplaceAnswer(shop, override), 200);
  });
};
