import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  CATALOG_TYPES,
  claimedFormat,
  recogniseFormat,
} from "../../lambdas/common/core/catalogs/ingest/formats/catalog-format.ts";
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

const ParametersSchema = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), description: z.string().optional() })).default([]),
});
const BodySchema = z.looseObject({
  requestBody: z
    .looseObject({
      content: z.record(
        z.string(),
        z.looseObject({
          example: z.unknown().optional(),
          examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
        }),
      ),
    })
    .optional(),
});

/** Fields, anywhere inside, that say nothing of themselves and name no schema that does. */
const fieldsWithoutWords = (value: unknown, place: string): string[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const inside = fieldsWithoutWords(inner, `${place}.${key}`);
    if (key !== "properties") return inside;
    const bare = Object.entries(inner).filter(([, field]) => !isDescribed(field));
    return [...bare.map(([name]) => `${place}.${name}`), ...inside];
  });
};

const FieldSchema = z.looseObject({ description: z.string().optional(), $ref: z.string().optional() });
const components = z
  .looseObject({ components: z.looseObject({ schemas: z.record(z.string(), FieldSchema) }) })
  .parse(JSON.parse(generateOpenApi())).components.schemas;

const isDescribed = (field: unknown): boolean => {
  const { description, $ref } = FieldSchema.parse(field);
  return Boolean(description ?? components[$ref?.split("/").at(-1) ?? ""]?.description);
};

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
      // Its address is the secret.
      "get /api/v1/feeds/{file}",
      "get /api/v1/health",
      "get /api/v1/openapi.json",
      // What shops show.
      "get /api/v1/shop/{handle}/products",
      "get /api/v1/shop/{handle}/products/{videoId}",
      "get /api/v1/websocket/stats",
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

  it("says of every parameter and every field what it means", () => {
    const bare: string[] = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const { parameters } = ParametersSchema.parse(operation);
        for (const { name, description } of parameters) if (!description) bare.push(`${method} ${path} ${name}`);
        bare.push(...fieldsWithoutWords(operation, `${method} ${path}`));
      }
    }
    bare.push(...fieldsWithoutWords(document.components.schemas, "schemas"));
    expect(bare).toEqual([]);
  });

  it("shows a body for every request that takes one", () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        const { requestBody } = BodySchema.parse(operation);
        for (const [type, media] of Object.entries(requestBody?.content ?? {}))
          expect(media, `${path} ${type}`).toSatisfy((body: object) => "example" in body || "examples" in body);
      }
    }
  });

  it("lists every content type that an upload may have, with an example of its format", () => {
    const { requestBody } = BodySchema.parse(document.paths["/api/v1/catalogs"]?.post);
    const content = requestBody?.content ?? {};
    expect(Object.keys(content).sort()).toEqual(CATALOG_TYPES.map(([type]) => type).sort());
    for (const [type, format] of CATALOG_TYPES) {
      expect(claimedFormat(type)).toBe(format);
      const { example, examples = {} } = content[type] ?? {};
      for (const value of [example, ...Object.values(examples).map((one) => one.value)].filter(Boolean)) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        expect(recogniseFormat(text, type, undefined)).toBe(format ?? "csv");
      }
    }
  });
});
