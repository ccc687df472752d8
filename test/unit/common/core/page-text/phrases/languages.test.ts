import { describe, expect, it } from "vitest";
import { availabilityFromText } from "../../../../../../lambdas/common/core/page-text/availability-text.ts";
import {
  foldSpelling,
  type Meaning,
  phrasePattern,
} from "../../../../../../lambdas/common/core/page-text/phrase-pattern.ts";
import { LANGUAGES } from "../../../../../../lambdas/common/core/page-text/phrases/languages.ts";
import { SHOP_TEXTS } from "../../../../../helpers/shop-texts/index.ts";
import { PHRASE_SAMPLES, type PhraseSamples } from "../../../../../helpers/shop-texts/phrase-samples.ts";

const [anyLanguage] = Object.values(LANGUAGES);
const NO_MEANINGS = ["months", "monthBefore", "monthAfter"];
const MEANINGS = Object.keys(anyLanguage ?? {}).filter((key) => !NO_MEANINGS.includes(key)) as Meaning[];
const ROWS = Object.entries(PHRASE_SAMPLES).flatMap(([language, samples]) =>
  (Object.keys(samples) as (keyof PhraseSamples)[]).flatMap((meaning) =>
    samples[meaning].map((text) => ({ language, meaning, text })),
  ),
);
const textsOf = (meaning: keyof PhraseSamples) => ROWS.filter((row) => row.meaning === meaning);

describe("the table of phrases", () => {
  it.each(Object.keys(LANGUAGES))("has each meaning in %s, with a sample", (language) => {
    for (const meaning of MEANINGS) {
      expect(LANGUAGES[language]?.[meaning].length, meaning).toBeGreaterThan(0);
      for (const phrase of LANGUAGES[language]?.[meaning] ?? []) expect(phrase.trim(), meaning).not.toBe("");
    }
    for (const [meaning, samples] of Object.entries(PHRASE_SAMPLES[language] ?? {})) {
      expect(samples.length, meaning).toBeGreaterThan(0);
    }
    const printed = Object.values(SHOP_TEXTS).flat();
    expect(printed.filter((texts) => texts.language.startsWith(language)).length).toBeGreaterThan(0);
    expect(PHRASE_SAMPLES[language]).toBeDefined();
  });

  it.each(ROWS)("finds $meaning in $language by its own phrases: $text", ({ language, meaning, text }) => {
    const own = LANGUAGES[language];
    const pattern = phrasePattern(meaning, { languages: own ? [own] : [] });
    expect(pattern.test(foldSpelling(text))).toBe(true);
  });

  it("repeats nothing without a bound, so that a text costs steps in proportion to its length", () => {
    for (const meaning of MEANINGS) expect(phrasePattern(meaning).source).not.toMatch(/(?<!\\)[*+]|,\}/);
  });
});

describe("availability by those phrases", () => {
  it.each(textsOf("sellers"))("is in stock where others sell, in $language: $text", ({ text }) =>
    expect(availabilityFromText(text)).toBe("in_stock"),
  );

  it.each(textsOf("elsewhere"))("is unknown for the viewer's place, in $language: $text", ({ text }) =>
    expect(availabilityFromText(text)).toBe("unknown"),
  );

  it.each(textsOf("unfeatured"))("is unknown where no offer is featured, in $language: $text", ({ text }) => {
    expect(availabilityFromText(text)).toBe("unknown");
  });

  it.each(textsOf("orderable"))("is a back-order where the shop takes it, in $language: $text", ({ text }) =>
    expect(availabilityFromText(text)).toBe("backorder"),
  );

  it.each(textsOf("choose"))("is nothing that a choice could say, in $language: $text", ({ text }) =>
    expect(availabilityFromText(text)).toBeUndefined(),
  );

  it.each([
    ["In Stock. This item does not ship to Norway.", "in_stock"],
    ["Auf Lager. Dieser Artikel kann nicht an den ausgewählten Lieferort versandt werden.", "in_stock"],
    ["Only 2 left in stock. This item cannot be shipped to your selected delivery location.", "low_stock"],
    ["Derzeit nicht verfügbar. Dieser Artikel kann nicht nach Norwegen geliefert werden.", "unavailable"],
    ["この商品は、選択された配送先には発送できません。在庫あり。", "in_stock"],
  ])("is what the rest says beside the viewer's place: %s", (text, meaning) =>
    expect(availabilityFromText(text)).toBe(meaning),
  );

  it.each([
    ["残り3点（入荷予定あり）", "low_stock"],
    ["Only 2 left in stock (more on the way).", "low_stock"],
    ["Nur noch 2 auf Lager (mehr ist unterwegs).", "low_stock"],
    ["入荷予定", "backorder"],
    ["In stock but may require an extra 1-2 days to process.", "in_stock"],
    ["In stock on May 5, 2027.", "backorder"],
    ["In stock in May", "backorder"],
    ["Ab Mai wieder auf Lager", "backorder"],
    ["Disponible en mai", "backorder"],
    ["Mayıs ayında stokta", "backorder"],
  ])("tells a count and a verb from a date: %s", (text, meaning) => expect(availabilityFromText(text)).toBe(meaning));
});
