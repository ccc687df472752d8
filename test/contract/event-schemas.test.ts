import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
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
