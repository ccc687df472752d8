import { ShopProducts } from "../../../../../../lambdas/common/adapters/dynamodb/shop/shop-products.ts";
import { StagedAssemblies } from "../../../../../../lambdas/common/adapters/dynamodb/shop/staged-assemblies.ts";
import { ShopEventSchema } from "../../../../../../lambdas/common/core/shop/shop-event.ts";
import { shopProductOf } from "../../../../../../lambdas/common/core/shop/shop-product.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import { captionBody, thumbnailsBody } from "../../../../../helpers/worlds/shop-world.ts";
import type { WriteCases } from "./write-case.ts";

const NOW = new Date(NOON).toISOString();
const caption = ShopEventSchema.parse(JSON.parse(captionBody("video-1")));
const thumbnails = ShopEventSchema.parse(JSON.parse(thumbnailsBody("video-1")));
if (caption.half !== "caption" || thumbnails.half !== "thumbnails") throw new Error("the halves are mixed up");
const { key } = caption;
const product = shopProductOf(key, { caption: caption.content, thumbnails: thumbnails.content }, NOW);
const waiting = { ...key, caption: caption.content, has_caption: true, is_complete: false, first_seen_at: NOW };
const seconds = Math.floor(NOON / 1_000);

/** Writes of the shop line. */
export const SHOP_WRITES: WriteCases = {
  "shop/shop-products.ts": {
    create: { write: (c) => new ShopProducts(c, "shop-products").create(product) },
  },
  "shop/staged-assemblies.ts": {
    begin: { write: (c) => new StagedAssemblies(c, "assembly-staging").stage(caption, NOON, true) },
    add: { write: (c) => new StagedAssemblies(c, "assembly-staging").stage(caption, NOON, false) },
    replace: {
      seeds: { "assembly-staging": [{ ...waiting, ttl: seconds - 1 }] },
      write: (c) => new StagedAssemblies(c, "assembly-staging").stage(thumbnails, NOON, false),
    },
    markOrphan: {
      seeds: { "assembly-staging": [{ ...waiting, ttl: seconds + 60 }] },
      write: (c) => new StagedAssemblies(c, "assembly-staging").markOrphan(key, NOW),
    },
  },
};
