import { describe, expect, it } from "vitest";
import { availabilityFromText } from "../../../lambdas/core/availability-text.ts";
import { MARKETPLACES } from "../../../lambdas/core/marketplaces.ts";

/** Shops that print the text, the text, its meaning. */
const TEXTS: readonly (readonly [string, string, string])[] = [
  ["US UK CA IE AE IN AU SG", "In Stock.", "in_stock"],
  ["US", "Only 3 left in stock - order soon.", "low_stock"],
  ["US", "Currently unavailable. We don't know when or if this item will be back in stock.", "unavailable"],
  ["US", "Temporarily out of stock. We are working hard to be back in stock.", "out_of_stock"],
  ["US", "This title has not yet been released. You may pre-order it now.", "preorder"],
  ["US", "Usually ships within 2 to 3 days.", "in_stock"],
  ["US", "In stock on December 3, 2026.", "backorder"],
  ["DE", "Auf Lager.", "in_stock"],
  ["DE", "Nur noch 5 auf Lager", "low_stock"],
  [
    "DE",
    "Derzeit nicht verfügbar. Ob und wann dieser Artikel wieder vorrätig sein wird, ist unbekannt.",
    "unavailable",
  ],
  ["DE", "Gewöhnlich versandfertig in 2 bis 3 Tagen.", "in_stock"],
  ["DE", "Vorübergehend nicht auf Lager.", "out_of_stock"],
  ["FR BE", "En stock.", "in_stock"],
  ["FR BE", "Il ne reste plus que 2 exemplaire(s) en stock.", "low_stock"],
  [
    "FR",
    "Actuellement indisponible. Nous ne savons pas quand cet article sera de nouveau approvisionné.",
    "unavailable",
  ],
  ["FR", "Temporairement en rupture de stock.", "out_of_stock"],
  ["ES MX", "En stock.", "in_stock"],
  ["ES MX", "Solo queda(n) 4 en stock", "low_stock"],
  ["ES MX", "No disponible por el momento.", "unavailable"],
  ["ES", "Temporalmente sin stock.", "out_of_stock"],
  ["IT", "Disponibilità immediata.", "in_stock"],
  ["IT", "Disponibilità: solo 3 -- ordina subito", "low_stock"],
  ["IT", "Attualmente non disponibile.", "unavailable"],
  ["BR", "Em estoque", "in_stock"],
  ["BR", "Apenas 2 em estoque.", "low_stock"],
  ["BR", "Não disponível.", "unavailable"],
  ["NL BE", "Op voorraad", "in_stock"],
  ["NL BE", "Nog slechts 3 op voorraad.", "low_stock"],
  ["NL BE", "Momenteel niet verkrijgbaar.", "unavailable"],
  ["PL", "Dostępny", "in_stock"],
  ["PL", "Obecnie niedostępny.", "unavailable"],
  ["PL", "Zostało tylko 2", "low_stock"],
  ["SE", "I lager.", "in_stock"],
  ["SE", "Endast 2 kvar i lager.", "low_stock"],
  ["SE", "För närvarande inte tillgänglig.", "unavailable"],
  ["TR", "Stokta var", "in_stock"],
  ["TR", "Stokta sadece 3 adet kaldı.", "low_stock"],
  ["TR", "Şu anda mevcut değil.", "unavailable"],
  ["SA EG AE", "متوفر", "in_stock"],
  ["SA EG AE", "غير متوفر حالياً.", "unavailable"],
  ["JP", "在庫あり。", "in_stock"],
  ["JP", "残り3点 ご注文はお早めに", "low_stock"],
  ["JP", "現在在庫切れです。この商品の再入荷予定は立っておりません。", "unavailable"],
  ["JP", "一時的に在庫切れ", "out_of_stock"],
  ["SA EG AE", "متوفر قريبا", "backorder"],
  ["FR BE", "Bientôt en stock.", "backorder"],
  ["US", "In stock soon.", "backorder"],
  ["JP", "現在お取り扱いできません。", "unavailable"],
];

describe("availability texts", () => {
  it.each(TEXTS)("of %s: %s → %s", (_, text, meaning) => expect(availabilityFromText(text)).toBe(meaning));

  it("have, for every shop, words for being there and for being gone", () => {
    for (const { country } of MARKETPLACES) {
      const english = ["UK", "CA", "IE", "IN", "AU", "SG"].includes(country);
      const own = TEXTS.filter(([shops]) => shops.split(" ").includes(english ? "US" : country));
      expect(own.map(([, , meaning]) => meaning)).toContain("in_stock");
      expect(own.some(([, , meaning]) => meaning === "unavailable" || meaning === "out_of_stock")).toBe(true);
    }
  });

  it.each(["", "Select a size", "Lieferung Dienstag"])("say nothing in %j, which is not out of stock", (text) =>
    expect(availabilityFromText(text)).toBeUndefined(),
  );
});
