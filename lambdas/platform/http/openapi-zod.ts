/*
 * Zod with the method `openapi` on its schemas, for the modules that describe requests and answers. It is here and not
 * taken from `@hono/zod-openapi`, whose `z` is one value: with it all of Zod would be in the bundles.
 */
import "@hono/zod-openapi";

export * from "zod";
