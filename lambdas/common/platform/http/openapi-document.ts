import type { OpenAPIHono } from "@hono/zod-openapi";
import type { HttpEnv } from "./http-env.ts";

const INFO = {
  title: "Enrichline API",
  version: "1.0.0",
  description:
    "Enriches catalogs of Amazon products within the account's own limits. Errors are problem+json (RFC 9457); lists answer items and next_cursor; creating POSTs take an Idempotency-Key.",
};

/** Puts the routes of several apps into one OpenAPI 3.1 document, paths in order of their names. */
export const openApiDocument = (apps: readonly OpenAPIHono<HttpEnv>[]): Record<string, unknown> => {
  const parts = apps.map((app) => app.getOpenAPI31Document({ openapi: "3.1.0", info: INFO }));
  const paths = parts.flatMap((part) => Object.entries(part.paths ?? {})).sort(([a], [b]) => a.localeCompare(b));
  const schemas = parts.flatMap((part) => Object.entries(part.components?.schemas ?? {}));
  return {
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: "/" }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "Token of the user pool: enrichline token",
        },
        key: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "ek_…",
          description:
            "Key of a program (POST /keys), in the place of the token. It needs the scope that the call names: read, upload or operate. Calls that name none here are for people only.",
        },
      },
      schemas: Object.fromEntries(schemas.sort(([a], [b]) => a.localeCompare(b))),
    },
  };
};
