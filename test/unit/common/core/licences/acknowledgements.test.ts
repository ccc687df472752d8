import { describe, expect, it } from "vitest";
import {
  AcknowledgementsJsonSchema,
  AcknowledgementsSchema,
} from "../../../../../lambdas/common/core/licences/acknowledgements.ts";
import { licenceBook } from "../../../../../lambdas/common/core/licences/licence-book.ts";
import { SOURCE_LICENCES } from "../../../../../lambdas/common/core/licences/source-licences.ts";

const SENTENCE = "Jo Doe of Amazon agreed to price history on 2026-11-02.";
const problems = (value: unknown): string[] =>
  AcknowledgementsSchema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ??
  [];

describe("an acknowledgement", () => {
  it("lifts the one rule that it names, of that source alone", () => {
    const book = licenceBook(AcknowledgementsSchema.parse({ "creators-api": { history: SENTENCE } }));
    expect(book["creators-api"]).toEqual({ ...SOURCE_LICENCES["creators-api"], history: true });
    expect(book.paapi).toEqual(SOURCE_LICENCES.paapi);
    expect(SOURCE_LICENCES["creators-api"].history).toBe(false);
  });

  it("is refused when it is empty, says next to nothing, or names no source or rule", () => {
    expect(problems({ "creators-api": {} })).toEqual([expect.stringContaining("name a rule: history")]);
    expect(problems({ "creators-api": { history: "" } })[0]).toContain("say in a sentence who agreed");
    expect(problems({ "creators-api": { history: "    yes                        " } })).toHaveLength(1);
    expect(problems({ amazon: { history: SENTENCE } })).not.toEqual([]);
    expect(problems({ keepa: { store_seconds: SENTENCE } })).not.toEqual([]);
  });

  it("is refused for what the licence allows anyway, because it would do nothing", () => {
    expect(problems({ keepa: { history: SENTENCE } })).toEqual([
      "keepa.history: the licence of keepa allows it already; remove the line",
    ]);
  });

  it("reaches a function as JSON", () => {
    expect(AcknowledgementsJsonSchema.parse(JSON.stringify({ paapi: { history: SENTENCE } }))).toEqual({
      paapi: { history: SENTENCE },
    });
    expect(AcknowledgementsJsonSchema.safeParse("{").success).toBe(false);
  });
});
