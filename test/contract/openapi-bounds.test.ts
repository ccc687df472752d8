import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createApp as catalogsApi } from "../../lambdas/catalogs-api/app.ts";
import {
  MAX_SKU_CHARACTERS,
  REQUEST_LIMITS,
  UPLOAD_LIMITS,
} from "../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { findMarketplace } from "../../lambdas/common/core/products/marketplaces.ts";
import { SOURCE_IDS } from "../../lambdas/common/core/source-ids.ts";
import { createApp as operationsApi } from "../../lambdas/operations-api/app.ts";
import { createApp as productsApi } from "../../lambdas/products-api/app.ts";
import { createApp as shopApi } from "../../lambdas/shop-api/app.ts";
import { generateOpenApi } from "../../local/write-openapi.ts";
import { testRuns } from "../helpers/test-runs.ts";
import { testSeed } from "../helpers/test-seed.ts";
import { ShopWorld } from "../helpers/worlds/shop-world.ts";
import { fakeDeps, signedIn } from "../unit/catalogs-api/fake-deps.ts";
import { fakeSource } from "../unit/common/sources/chain/fakes.ts";
import { fakeOperationsDeps } from "../unit/operations-api/fake-deps.ts";
import { ProductsWorld } from "../unit/products-api/products-world.ts";

const SEED = testSeed("bounds of the API");
const SchemaSchema = z.looseObject({
  type: z.string().optional(),
  $ref: z.string().optional(),
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).optional(),
});
type JsonSchema = z.infer<typeof SchemaSchema>;
const ObjectSchema = z.looseObject({ properties: z.record(z.string(), SchemaSchema) });
const DocumentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z
          .array(z.object({ in: z.enum(["query", "header", "path"]), name: z.string(), schema: SchemaSchema }))
          .default([]),
        requestBody: z.object({ content: z.record(z.string(), z.object({ schema: SchemaSchema })) }).optional(),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
});
const document = DocumentSchema.parse(JSON.parse(generateOpenApi()));
const resolve = (schema: JsonSchema): JsonSchema =>
  schema.$ref ? SchemaSchema.parse(document.components.schemas[schema.$ref.split("/").at(-1) ?? ""]) : schema;

/** Choices that the words of a field name, not its schema: any name of a shop or of an encoding, in any case, and what an address of a webhook may be. */
const IN_WORDS = new Set(["marketplace", "encoding", "url"]);
/** The least body of each request that takes one, to which the field under test is added. */
const BODIES: Readonly<Record<string, object>> = {
  "post /api/v1/catalogs/uploads": { file_name: "a.csv", content_length: 5 },
  "post /api/v1/catalogs/{id}/exports": { format: "csv" },
  "post /api/v1/catalogs/{id}/retry": {},
  "post /api/v1/products/import": { asin: "B08DQQ8CBP" },
  "post /api/v1/products/bulk-enhanced": { asins: ["B08DQQ8CBP"] },
  "post /api/v1/sourcing/search": { query: "lamp" },
  "post /api/v1/operations/probes": { source: "creators-api" },
  "post /api/v1/operations/redrives": { queue: "enrich", all: true, dry_run: true },
  "post /api/v1/operations/discards": { queue: "enrich", all: true, dry_run: true },
  "post /api/v1/operations/failures/{group}/try": { size: 1 },
  "post /api/v1/operations/failures/{group}/resolve": {},
  "post /api/v1/operations/failures/{group}/ignore": {},
  "post /api/v1/operations/failures/{group}/reopen": {},
  "post /api/v1/webhooks": { url: "https://example.com/", events: ["catalog.completed"] },
  "patch /api/v1/webhooks/{id}": {},
  "post /api/v1/webhooks/{id}/secret": {},
};
/** A random text may be the code of a shop, as `ca` is; to set that one is no mistake. */
const SHOPS = "put /api/v1/marketplaces/{code}";
/** Who asks for a seller without products gets an empty list: it may fill. */
const SELLERS_LIST = "get /api/v1/shop/{handle}/products";
const UPLOAD = { "content-type": "text/csv" };

/** One field of one request: what the document says of it, and a way to ask with a value. */
interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isText: boolean;
  readonly ask: (value: unknown) => Promise<Response>;
}

const catalogs = catalogsApi({ ...fakeDeps().deps, enabledSources: SOURCE_IDS });
const products = productsApi(new ProductsWorld(fakeSource({ id: "creators-api", reply: () => "NotFound" })).deps);
const others = operationsApi(fakeOperationsDeps());
const shop = shopApi({ ...fakeDeps().deps, products: new ShopWorld().shopProducts });
const appOf = (path: string) => {
  if (path.includes("/shop/")) return shop;
  if (/\/(?:catalogs|exports)/.test(path)) return catalogs;
  return /\/(?:products|sourcing)/.test(path) ? products : others;
};

/** An id of the right form for what a path is about. */
const idIn = (path: string): string => {
  if (path.includes("/exports/{id}")) return "exp_0000000000000000";
  return path.includes("/webhooks/{id}") ? "whk_0000000000000000" : "cat_0000000000000000";
};

const send = async (
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Response> => {
  const known = path
    .replace("{id}", idIn(path))
    .replace("{asin}", "B08DQQ8CBP")
    .replace("{group}", "NotFound")
    .replace("{delivery_id}", "msg_00000000000000000000000000")
    .replace("{handle}", "anna")
    .replace("{videoId}", "v-1");
  return appOf(path).request(
    known,
    { method: method.toUpperCase(), headers, ...(body === undefined ? {} : { body }) },
    signedIn("u1", "operators"),
  );
};

const fieldsOf = (operation: string): Field[] => {
  const [method = "", path = ""] = operation.split(" ");
  const { parameters = [], requestBody } = document.paths[path]?.[method] ?? {};
  const isUpload = operation === "post /api/v1/catalogs";
  const least = BODIES[operation];
  const json = { "content-type": "application/json" };
  const headers = isUpload ? UPLOAD : least ? json : {};
  const body = isUpload ? "asin\nB0EVENTS01\n" : least && JSON.stringify(least);
  const ofParameters = parameters.map(({ in: place, name, schema }): Field => {
    const ask = async (value: unknown) => {
      const text = String(value);
      if (place === "header") return send(method, path, { ...headers, [name]: text }, body);
      if (place === "path") return send(method, path.replace(`{${name}}`, encodeURIComponent(text)), headers, body);
      return send(method, `${path}?${name}=${encodeURIComponent(text)}`, headers, body);
    };
    return { name: `${place} ${name}`, schema, isText: true, ask };
  });
  const schema = resolve(requestBody?.content["application/json"]?.schema ?? {});
  if (!least) return ofParameters;
  const ofBody = Object.entries(ObjectSchema.parse(schema).properties).map(
    ([name, property]): Field => ({
      name: `body ${name}`,
      schema: resolve(property),
      isText: false,
      ask: async (value) => send(method, path, headers, JSON.stringify({ ...least, [name]: value })),
    }),
  );
  return [...ofParameters, ...ofBody];
};

/** Whether a schema of the document takes a value, which parameters write as text. */
const documentTakes = (schema: JsonSchema, value: unknown, isText: boolean): boolean => {
  const takes = (given: unknown): boolean =>
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(given).success;
  if (schema.anyOf) return schema.anyOf.some((one) => documentTakes(one, value, isText));
  const form = { integer: /^-?(?:0|[1-9]\d*)$/, number: /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/ }[schema.type ?? ""];
  if (isText && form) {
    if (typeof value !== "string" || !form.test(value)) return false;
    return takes(Number(value));
  }
  return takes(value);
};

const TEXTS = [
  "",
  " ",
  "0x10",
  "1e1",
  "+5",
  "-1",
  "1.0",
  "1.5",
  "5 ",
  "٥",
  "true",
  "TRUE",
  "auto",
  "AUTO",
  "null",
  "B0EVENTS01",
];
const atBound = (length: number): string[] =>
  [length - 1, length, length + 1].flatMap((n) => (n < 0 ? [] : ["a".repeat(n)]));
/** Values at both sides of every bound that a schema states. */
const sidesOf = (schema: object): unknown[] =>
  Object.entries(schema).flatMap(([rule, bound]): unknown[] => {
    if (rule === "minLength" || rule === "maxLength") return atBound(Number(bound));
    if (rule === "minimum" || rule === "maximum") return [-1, 0, 1].map((step) => Number(bound) + step);
    if (rule === "minItems" || rule === "maxItems") {
      return [-1, 0, 1].flatMap((step) =>
        Number(bound) + step < 0 ? [] : [Array(Number(bound) + step).fill("B0EVENTS01")],
      );
    }
    if (rule === "enum" && Array.isArray(bound)) return [...bound, `${bound[0]}s`, String(bound[0]).toUpperCase()];
    if (rule === "items" && typeof bound === "object") return sidesOf(Object(bound)).map((value) => [value]);
    if (rule === "anyOf" && Array.isArray(bound)) return bound.flatMap(sidesOf);
    return [];
  });

const random = (isText: boolean): fc.Arbitrary<unknown> => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.integer().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.string({ unit: fc.constantFrom(..."cat_0123456789abz"), maxLength: 24 }),
  );
  // A document counts blanks around a value, and the code cuts them off; headers carry visible ASCII.
  const trimmed = text.map((value) => value.trim());
  return isText
    ? trimmed
    : fc.oneof(trimmed, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.array(trimmed));
};

/** Refusals of a value of the right form that fits nothing which is there. */
const NOT_THERE = new Set(["invalid_cursor", "column_not_found", "missing_asin_column", "invalid_last_key"]);

/** What the code refuses as a broken rule; other answers are about what there is, not about the form of a value. */
const isRefused = async (answer: Response): Promise<boolean> => {
  if (answer.status === 413) return true;
  return answer.status === 400 && !NOT_THERE.has((await answer.json()).code);
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method} ${path}`),
);

describe.each(operations.filter((operation) => fieldsOf(operation).length > 0))("%s", (operation) => {
  it.each(fieldsOf(operation).map((field) => [field.name, field] as const))(
    "takes and refuses as %s what the document says",
    async (name, { schema, isText, ask }) => {
      const check = async (value: unknown): Promise<void> => {
        if (name.startsWith("header") && !/^(?:[\x21-\x7e][\x20-\x7e]*[\x21-\x7e]|[\x21-\x7e]?)$/.test(String(value)))
          return;
        if (
          name.startsWith("path") &&
          (String(value).trim() === "" || String(value).includes("/") || /^\.+$/.test(String(value)))
        )
          return;
        const answer = await ask(value);
        // A path of the wrong form names nothing; in these worlds there is nothing at any other either.
        if (name.startsWith("path")) {
          if (operation === SHOPS && findMarketplace(String(value))) return;
          const isEmptyList = operation === SELLERS_LIST && documentTakes(schema, value, isText);
          expect([value, answer.status]).toEqual([value, isEmptyList ? 200 : 404]);
        } else if (!IN_WORDS.has(name.split(" ")[1] ?? "")) {
          expect([value, await isRefused(answer)]).toEqual([value, !documentTakes(schema, value, isText)]);
        } else if (!documentTakes(schema, value, isText))
          expect([value, await isRefused(answer)]).toEqual([value, true]);
      };
      for (const side of [...TEXTS, ...sidesOf(schema)]) await check(isText ? String(side) : side);
      await fc.assert(fc.asyncProperty(random(isText), check), { seed: SEED, numRuns: testRuns(20) });
    },
  );
});

it("states the bounds of an upload's body, which code other than its schema keeps", () => {
  const { requestBody } = document.paths["/api/v1/catalogs"]?.post ?? {};
  const content = requestBody?.content ?? {};
  for (const [type, { schema }] of Object.entries(content)) {
    if (type.endsWith("json") && !type.includes("nd")) {
      const { properties } = ObjectSchema.parse(schema);
      const rows = { minItems: 1, maxItems: REQUEST_LIMITS.rows };
      expect(properties).toMatchObject({ name: { maxLength: 200 }, products: rows, asins: rows });
      expect(JSON.stringify(properties.products)).toContain(`"maxLength":${MAX_SKU_CHARACTERS}`);
    } else expect([type, schema.maxLength]).toEqual([type, REQUEST_LIMITS.bytes]);
  }
  const upload = ObjectSchema.parse(document.components.schemas.UploadRequest);
  expect(upload.properties.content_length).toMatchObject({ minimum: 1, maximum: UPLOAD_LIMITS.bytes });
});
