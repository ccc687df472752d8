import type { Context } from "hono";

/** How long browsers and caches may keep an answer, seconds: pages that poll see a new product that much later. */
const MAX_AGE_SECONDS = 2;

/** Lets anybody keep an answer for a moment; by origin, because API Gateway names the allowed one in it. */
export const cacheable = (c: Context): void => {
  c.header("cache-control", `public, max-age=${MAX_AGE_SECONDS}`);
  c.header("vary", "origin");
};
