import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import {
  type ShopListKey,
  ShopListKeySchema,
  ShopProductsAnswerSchema,
} from "../../common/core/contract/shop/shop-products.ts";
import { ValidationError } from "../../common/core/errors.ts";
import { parseJson } from "../../common/core/parse-json.ts";
import { listedUntil, mayEndAt } from "../../common/core/shop/listed-until.ts";
import { SellerHandleSchema } from "../../common/core/shop/shop-ids.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryInteger, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { cacheable } from "./cacheable.ts";

const MAX_LIMIT = 50;
const DEFAULT_LIMIT = 20;
/** A key of the longest names is 450 characters. */
const MAX_KEY_CHARACTERS = 1_000;

/** What is later has no four digits for its year, and no order as text. */
const END_OF_TIME_MS = Date.UTC(9999, 11, 31);
const NO_TIME = { error: "must be a time such as 2026-11-29T12:00:00.000Z" };

const QuerySchema = strictQuery({
  limit: queryInteger(1, MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe(`Products a page, 1 to ${MAX_LIMIT}.`)
    .meta({ default: DEFAULT_LIMIT }),
  lastKey: z
    .string()
    .min(1)
    .max(MAX_KEY_CHARACTERS)
    .optional()
    .describe("`pagination.lastEvaluatedKey` of the page before, as JSON, URL-encoded; absent: the first page."),
  since: z.iso
    .datetime({ offset: true, ...NO_TIME })
    .refine((text) => Date.parse(text) > 0 && Date.parse(text) < END_OF_TIME_MS, NO_TIME)
    .optional()
    .describe("Only products made after it: `metadata.timestamp` of the call before. Absent: all."),
});

const route = createRoute({
  method: "get",
  path: `${API_BASE}/shop/{handle}/products`,
  summary: "Products of a seller, newest first",
  description:
    "A product appears five seconds after it was made, so that what a list has once shown stays as it was: over pages, and over calls that give `metadata.timestamp` of the call before as `since`, each product comes exactly once. A seller who has no product yet has an empty list.",
  tags: ["Shop"],
  request: {
    params: z.object({ handle: SellerHandleSchema.describe("The seller.").meta({ example: "anna.shop" }) }),
    query: QuerySchema,
  },
  responses: { 200: json(ShopProductsAnswerSchema, "A page"), ...problems(400, 404, 503) },
});

/** A place of this list: one outside of it DynamoDB refuses, and one of another seller is not for this reader. */
const placeOf = (lastKey: string, handle: string, since: string | null, nowMs: number): ShopListKey => {
  const parsed = ShopListKeySchema.safeParse(parseJson(lastKey));
  const isOurs =
    parsed.success &&
    parsed.data.seller_handle === handle &&
    mayEndAt(parsed.data.until, nowMs) &&
    parsed.data.created_at <= parsed.data.until &&
    (since === null || parsed.data.created_at > since);
  if (isOurs) return parsed.data;
  throw new ValidationError("This key does not belong to this list: start again without it.", {
    code: "invalid_last_key",
    errors: [
      { field: "lastKey", problem: "use pagination.lastEvaluatedKey of the same list as JSON, with the same since" },
    ],
  });
};

/** Registers `GET /shop/{handle}/products`. */
export const listShopProducts = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { handle } = c.req.valid("param");
    const { limit, lastKey, since: asked } = c.req.valid("query");
    const since = asked === undefined ? null : new Date(Date.parse(asked)).toISOString();
    const nowMs = deps.clock.now();
    const after = lastKey === undefined ? undefined : placeOf(lastKey, handle, since, nowMs);
    // Later pages end where the first one did, so that the `timestamp` of any of them is right.
    const until = after?.until ?? listedUntil(nowMs);
    const isEmpty = since !== null && since >= until;
    const page = isEmpty
      ? { products: [], hasMore: false }
      : await deps.products.list(handle, { since, until, after: after && placeIn(after), limit });
    const last = page.products.at(-1);
    cacheable(c);
    return c.json(
      {
        products: [...page.products],
        pagination: {
          hasMore: page.hasMore,
          lastEvaluatedKey:
            page.hasMore && last
              ? { seller_handle: handle, created_at: last.created_at, video_id: last.video_id, until }
              : null,
          count: page.products.length,
        },
        metadata: { sellerHandle: handle, since, timestamp: isEmpty ? since : until },
      },
      200,
    );
  });
};

const placeIn = ({ created_at, video_id }: ShopListKey) => ({ created_at, video_id });
