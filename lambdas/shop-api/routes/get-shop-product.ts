import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { NotFoundError } from "../../common/core/errors.ts";
import { SellerHandleSchema, VideoIdSchema } from "../../common/core/shop/shop-ids.ts";
import { ShopProductSchema } from "../../common/core/shop/shop-product.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { cacheable } from "./cacheable.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/shop/{handle}/products/{videoId}`,
  summary: "A product of a seller",
  description: "As of now; in lists it appears five seconds after it was made.",
  tags: ["Shop"],
  request: {
    params: z.object({
      handle: SellerHandleSchema.describe("The seller.").meta({ example: "anna.shop" }),
      videoId: VideoIdSchema.describe("The video that shows the product.").meta({ example: "v-20261129-001" }),
    }),
    query: strictQuery({}),
  },
  responses: { 200: json(ShopProductSchema, "The product"), ...problems(400, 404, 503) },
});

/** Registers `GET /shop/{handle}/products/{videoId}`. */
export const getShopProduct = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { handle, videoId } = c.req.valid("param");
    const product = await deps.products.get({ seller_handle: handle, video_id: videoId });
    if (!product) throw new NotFoundError(`${handle} has no product of the video ${videoId}.`);
    cacheable(c);
    return c.json(product, 200);
  });
};
