import { describe, expect, it } from "vitest";
import { withoutDescriptions } from "../../lib/bundling/lean-words.ts";

describe("withoutDescriptions", () => {
  it("takes descriptions off schemas, by text or by the name of a constant", () => {
    const source = 'z.string().describe("Say \\"why\\" (or not).").optional().describe(RUN_WORDS.batch_size)';
    expect(withoutDescriptions(source)).toBe("z.string().optional()");
  });

  it("removes names, examples and other metadata", () => {
    const source =
      'z.object({}).meta({ id: "Batch" }).array().meta({ type: "number", minimum: 0, example: "a {b} (c)" }).min(1)';
    expect(withoutDescriptions(source)).toBe("z.object({}).array().min(1)");
  });

  it("keeps the lines of a file where they are", () => {
    const source = 'a.describe(\n  "text",\n);\nb();';
    expect(withoutDescriptions(source)).toBe("a\n\n;\nb();");
    expect(withoutDescriptions('a.meta({\n  example: "text",\n});\nb();')).toBe("a\n\n;\nb();");
  });

  it("leaves calls alone that describe something else", () => {
    const source =
      'const described = deps.describe(settings.id); describe("a test", () => {}); const { id } = schema.meta() ?? {};';
    expect(withoutDescriptions(source)).toBe(source);
  });
});
