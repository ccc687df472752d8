import type { Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import type { SimAvailabilityType } from "./product.ts";

/** BCP 47 tag of each shop's own language, by country. */
const LANGUAGES: Readonly<Record<string, string>> = {
  US: "en-US",
  CA: "en-CA",
  MX: "es-MX",
  BR: "pt-BR",
  UK: "en-GB",
  DE: "de-DE",
  FR: "fr-FR",
  IT: "it-IT",
  ES: "es-ES",
  NL: "nl-NL",
  BE: "fr-BE",
  IE: "en-IE",
  PL: "pl-PL",
  SE: "sv-SE",
  TR: "tr-TR",
  AE: "en-AE",
  SA: "ar-SA",
  EG: "ar-EG",
  IN: "en-IN",
  JP: "ja-JP",
  AU: "en-AU",
  SG: "en-SG",
};

/** The shop's language tag, such as `de-DE`. */
export const languageOf = (place: Marketplace): string => LANGUAGES[place.country] ?? "en-US";

/** The shop's language as the catalog APIs write it, such as `de_DE`. */
export const apiLocaleOf = (place: Marketplace): string => languageOf(place).replace("-", "_");

/** An amount as the shop shows it, from whole minor units: `$29.97`, `60,02 €`. */
export const displayAmount = (minor: number, place: Marketplace): string => {
  const major = place.currencyDigits === 0 ? minor : minor / 100;
  // Latin digits everywhere: the APIs print them for Arabic shops too.
  return new Intl.NumberFormat(`${languageOf(place)}-u-nu-latn`, {
    style: "currency",
    currency: place.currency,
    minimumFractionDigits: place.currencyDigits,
    maximumFractionDigits: place.currencyDigits,
  }).format(major);
};

/** An amount in major units as a JSON number, from whole minor units. */
export const majorAmount = (minor: number, place: Marketplace): number =>
  place.currencyDigits === 0 ? minor : Math.round(minor) / 100;

type Phrases = Readonly<Record<SimAvailabilityType, string>>;

const PHRASES: Readonly<Record<string, Phrases>> = {
  en: {
    IN_STOCK: "In Stock",
    IN_STOCK_SCARCE: "Only 3 left in stock.",
    PREORDER: "This item has not yet been released.",
    LEADTIME: "Usually ships within 3 to 5 days",
    AVAILABLE_DATE: "In stock soon.",
    OUT_OF_STOCK: "Temporarily out of stock.",
    UNAVAILABLE: "Currently unavailable.",
    UNKNOWN: "",
  },
  de: {
    IN_STOCK: "Auf Lager",
    IN_STOCK_SCARCE: "Nur noch 3 auf Lager",
    PREORDER: "Noch nicht erschienen.",
    LEADTIME: "Gewöhnlich versandfertig in 3 bis 5 Tagen",
    AVAILABLE_DATE: "Bald wieder auf Lager.",
    OUT_OF_STOCK: "Vorübergehend nicht auf Lager.",
    UNAVAILABLE: "Derzeit nicht verfügbar.",
    UNKNOWN: "",
  },
  fr: {
    IN_STOCK: "En stock",
    IN_STOCK_SCARCE: "Il ne reste plus que 3 exemplaire(s) en stock.",
    PREORDER: "Cet article paraîtra prochainement.",
    LEADTIME: "Généralement expédié sous 3 à 5 jours",
    AVAILABLE_DATE: "Bientôt en stock.",
    OUT_OF_STOCK: "Temporairement en rupture de stock.",
    UNAVAILABLE: "Actuellement indisponible.",
    UNKNOWN: "",
  },
  it: {
    IN_STOCK: "Disponibilità immediata",
    IN_STOCK_SCARCE: "Solo 3 rimanenti in magazzino",
    PREORDER: "Non ancora uscito.",
    LEADTIME: "Generalmente spedito entro 3-5 giorni",
    AVAILABLE_DATE: "Presto disponibile.",
    OUT_OF_STOCK: "Temporaneamente non disponibile.",
    UNAVAILABLE: "Attualmente non disponibile.",
    UNKNOWN: "",
  },
  es: {
    IN_STOCK: "En stock",
    IN_STOCK_SCARCE: "Solo queda(n) 3 en stock.",
    PREORDER: "Aún no se ha publicado.",
    LEADTIME: "Normalmente se envía en 3 a 5 días",
    AVAILABLE_DATE: "Pronto en stock.",
    OUT_OF_STOCK: "Temporalmente sin stock.",
    UNAVAILABLE: "No disponible.",
    UNKNOWN: "",
  },
  pt: {
    IN_STOCK: "Em estoque",
    IN_STOCK_SCARCE: "Só 3 em estoque.",
    PREORDER: "Ainda não lançado.",
    LEADTIME: "Geralmente enviado em 3 a 5 dias",
    AVAILABLE_DATE: "Em breve no estoque.",
    OUT_OF_STOCK: "Temporariamente fora de estoque.",
    UNAVAILABLE: "Não disponível.",
    UNKNOWN: "",
  },
  nl: {
    IN_STOCK: "Op voorraad",
    IN_STOCK_SCARCE: "Nog maar 3 op voorraad",
    PREORDER: "Nog niet verschenen.",
    LEADTIME: "Wordt gewoonlijk binnen 3 tot 5 dagen verzonden",
    AVAILABLE_DATE: "Binnenkort op voorraad.",
    OUT_OF_STOCK: "Tijdelijk niet op voorraad.",
    UNAVAILABLE: "Momenteel niet verkrijgbaar.",
    UNKNOWN: "",
  },
  pl: {
    IN_STOCK: "Dostępny",
    IN_STOCK_SCARCE: "Pozostało tylko 3 szt.",
    PREORDER: "Jeszcze niewydany.",
    LEADTIME: "Zwykle wysyłane w ciągu 3 do 5 dni",
    AVAILABLE_DATE: "Wkrótce dostępny.",
    OUT_OF_STOCK: "Tymczasowo niedostępny.",
    UNAVAILABLE: "Obecnie niedostępny.",
    UNKNOWN: "",
  },
  sv: {
    IN_STOCK: "I lager",
    IN_STOCK_SCARCE: "Endast 3 kvar i lager",
    PREORDER: "Ännu inte utgiven.",
    LEADTIME: "Skickas vanligtvis inom 3 till 5 dagar",
    AVAILABLE_DATE: "Snart i lager.",
    OUT_OF_STOCK: "Tillfälligt slut i lager.",
    UNAVAILABLE: "För närvarande inte tillgänglig.",
    UNKNOWN: "",
  },
  tr: {
    IN_STOCK: "Stokta var",
    IN_STOCK_SCARCE: "Stokta sadece 3 adet kaldı.",
    PREORDER: "Henüz piyasaya çıkmadı.",
    LEADTIME: "Genellikle 3 ila 5 gün içinde gönderilir",
    AVAILABLE_DATE: "Yakında stokta.",
    OUT_OF_STOCK: "Geçici olarak stokta yok.",
    UNAVAILABLE: "Şu anda mevcut değil.",
    UNKNOWN: "",
  },
  ja: {
    IN_STOCK: "在庫あり",
    IN_STOCK_SCARCE: "残り3点",
    PREORDER: "予約受付中",
    LEADTIME: "通常3～5日以内に発送します",
    AVAILABLE_DATE: "まもなく入荷",
    OUT_OF_STOCK: "一時的に在庫切れ",
    UNAVAILABLE: "現在在庫切れです。",
    UNKNOWN: "",
  },
  ar: {
    IN_STOCK: "متوفر",
    IN_STOCK_SCARCE: "تبقى 3 فقط",
    PREORDER: "لم يصدر بعد",
    LEADTIME: "يشحن عادة خلال 3 إلى 5 أيام",
    AVAILABLE_DATE: "متوفر قريبا",
    OUT_OF_STOCK: "غير متوفر مؤقتا",
    UNAVAILABLE: "غير متوفر حاليا.",
    UNKNOWN: "",
  },
};

/** What the shop writes beside the buy button for an availability, in its own language. */
export const availabilityPhrase = (type: SimAvailabilityType, place: Marketplace): string => {
  const phrases = PHRASES[languageOf(place).slice(0, 2)] ?? PHRASES.en;
  return phrases?.[type] ?? "";
};
