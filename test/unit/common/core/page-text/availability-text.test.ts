import { describe, expect, it } from "vitest";
import { availabilityFromText } from "../../../../../lambdas/common/core/page-text/availability-text.ts";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { MEANINGS, SHOP_TEXTS } from "../../../../helpers/shop-texts/index.ts";
import type { ShopTexts } from "../../../../helpers/shop-texts/shop-texts.ts";

const KINDS = Object.keys(MEANINGS) as (keyof typeof MEANINGS)[];
const rowsOf = (texts: ShopTexts) =>
  KINDS.flatMap((kind) => texts[kind].map((text) => ({ language: texts.language, kind, text })));
const ROWS = Object.values(SHOP_TEXTS).flat().flatMap(rowsOf);

/** Zeros of the digit rows that shops print. */
const ZEROS = { Arabic: 0x0660, Persian: 0x06f0, Devanagari: 0x0966, "full width": 0xff10 };
const inDigits = (text: string, zero: number): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)));

describe("availability texts", () => {
  it.each(ROWS)("in $language: $text → $kind", ({ kind, text }) =>
    expect(MEANINGS[kind]).toContain(availabilityFromText(text)),
  );

  it.each(ROWS)("in $language mean the same in capitals: $text", ({ language, text }) =>
    expect(availabilityFromText(text.toLocaleUpperCase(language))).toBe(availabilityFromText(text)),
  );

  it.each(ROWS)("in $language mean the same with accents in pieces and wide spaces: $text", ({ text }) =>
    expect(availabilityFromText(text.normalize("NFD").replaceAll(" ", "\u00a0\n "))).toBe(availabilityFromText(text)),
  );

  it.each(ROWS.filter(({ text }) => /[0-9]/.test(text)))("in $language may have any digits: $text", ({ text }) => {
    for (const zero of Object.values(ZEROS)) {
      expect(availabilityFromText(inDigits(text, zero))).toBe(availabilityFromText(text));
    }
  });

  it.each(MARKETPLACES)("of $country are known for everything that can be said", ({ country }) => {
    const shop = SHOP_TEXTS[country] ?? [];
    expect(shop.length).toBeGreaterThan(0);
    for (const texts of shop) for (const kind of KINDS) expect(texts[kind].length).toBeGreaterThan(0);
  });

  it.each([
    ["Temporarily out of stock.", "out_of_stock"],
    ["Vorübergehend nicht auf Lager.", "out_of_stock"],
    ["Temporairement en rupture de stock.", "out_of_stock"],
    ["Temporalmente sin stock.", "out_of_stock"],
    ["一時的に在庫切れ", "out_of_stock"],
    ["Currently unavailable. We don't know when or if this item will be back in stock.", "unavailable"],
    ["Derzeit nicht verfügbar.", "unavailable"],
    ["Não disponível.", "unavailable"],
    ["غير متوفر حالياً.", "unavailable"],
    ["現在在庫切れです。", "unavailable"],
  ])("tell what is gone for now from what is gone: %s → %s", (text, meaning) =>
    expect(availabilityFromText(text)).toBe(meaning),
  );

  it.each([
    "",
    "Select a size",
    "Lieferung Dienstag",
    "Wählen Sie eine verfügbare Größe",
    "Tallas disponibles",
    "Couleurs disponibles",
    "Beschikbare maten",
    "Tillgängliga storlekar",
    "Mevcut bedenler",
    "サイズを選択",
  ])("say nothing in %j, which is not out of stock", (text) => expect(availabilityFromText(text)).toBeUndefined());
});
