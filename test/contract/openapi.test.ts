import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { generateOpenApi, OPENAPI_FILE } from "../../local/write-openapi.ts";

const DocumentSchema = z.looseObject({
  openapi: z.literal("3.1.0"),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        summary: z.string().min(1),
        security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
        responses: z.record(z.string(), z.unknown()),
      }),
    ),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

describe("docs/api/openapi.json", () => {
  const text = generateOpenApi();
  const document = DocumentSchema.parse(JSON.parse(text));

  it("is what the routes say; run `npm run openapi` when this fails", () => {
    expect(readFileSync(OPENAPI_FILE, "utf8")).toBe(text);
  });

  it("asks for a token everywhere but on the public routes", () => {
    const open = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) => (security ? [] : [`${method} ${path}`])),
    );
    expect(open.sort()).toEqual([
      "get /api/v1/config",
      "get /api/v1/docs",
      "get /api/v1/health",
      "get /api/v1/openapi.json",
    ]);
  });

  it("refers only to schemas that it has", () => {
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect(referred.size).toBeGreaterThan(5);
    for (const name of referred) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it("describes every error as problem+json", () => {
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        for (const [status, response] of Object.entries(responses)) {
          if (!status.startsWith("4")) continue;
          expect(JSON.stringify(response)).toContain('"application/problem+json"');
        }
      }
    }
  });
});
