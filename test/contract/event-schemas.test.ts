import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { EVENT_NAMES } from "../../lambdas/common/core/contract/events/event-names.ts";
import { EVENT_SCHEMAS_DIR, generateEventSchemas } from "../../local/write-event-schemas/write-event-schemas.ts";

const generated = generateEventSchemas();

/** Fields, anywhere inside, that say nothing of themselves. */
const fieldsWithoutWords = (value: unknown, place: string): string[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const inside = fieldsWithoutWords(inner, `${place}.${key}`);
    if (key !== "properties" || typeof inner !== "object" || inner === null) return inside;
    const bare = Object.entries(inner as Record<string, Record<string, unknown>>).filter(
      ([, field]) => field.description === undefined && field.$ref === undefined,
    );
    return [...bare.map(([name]) => `${place}.${name}`), ...inside];
  });
};

describe("docs/api/events", () => {
  it("has the schema of each event and nothing else; run `npm run event-schemas` when this fails", () => {
    expect(readdirSync(EVENT_SCHEMAS_DIR).sort()).toEqual([...generated.keys()].sort());
    for (const [file, text] of generated) expect(readFileSync(new URL(file, EVENT_SCHEMAS_DIR), "utf8")).toBe(text);
  });

  it("says of every field what it means", () => {
    expect([...generated].flatMap(([file, text]) => fieldsWithoutWords(JSON.parse(text), file))).toEqual([]);
  });

  it("takes the country and the host name of all 22 shops for a request's region", () => {
    const schema = generated.get("ProductEnrichmentRequested.json") ?? "";
    const { region } = JSON.parse(schema).$defs.ProductEnrichmentRequested.properties;
    expect(region.enum).toHaveLength(44);
    expect(region.enum).toEqual(expect.arrayContaining(["US", "www.amazon.com", "SG", "www.amazon.sg"]));
  });
});

const SAMPLES = new URL("../../events/eventbridge/", import.meta.url);
const SampleSchema = z.object({ type: z.enum(EVENT_NAMES), detail: z.unknown() });
/** What a schedule sends and what the bus invokes a function with are no events to put there. */
const samples = readdirSync(SAMPLES).filter((file) => !/^(?:schedule|react-to-outcomes)/.test(file));

/** What the schemas say as they stand in the documents, to a program that knows nothing of ours. */
const validate = (name: string, detail: unknown): readonly unknown[] => {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  const check = ajv.compile(JSON.parse(readFileSync(new URL(`${name}.json`, EVENT_SCHEMAS_DIR), "utf8")));
  return check(detail) ? [] : (check.errors ?? []);
};

describe("the samples in events/eventbridge", () => {
  it.each(samples)("%s fits its published schema, or does not if its name says so", (file) => {
    const content: unknown = JSON.parse(readFileSync(new URL(file, SAMPLES), "utf8"));
    const events = z.array(SampleSchema).parse([content].flat());
    expect(events.length).toBeGreaterThan(0);
    for (const { type, detail } of events) {
      const errors = validate(type, detail);
      if (file.includes("-invalid")) expect(errors).not.toEqual([]);
      else expect(errors).toEqual([]);
    }
  });
});
