import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { languageOf } from "../shared/products/shop-language.ts";

const NBSP = "\u00a0";

/** Words of a page in one language. */
export interface PageTexts {
  stars(rating: string): string;
  ratings(count: string): string;
  byline(brand: string): string;
  readonly notFoundTitle: string;
  readonly errorTitle: string;
  readonly wall: string;
  readonly robot: string;
  readonly author: string;
}

const ENGLISH: PageTexts = {
  stars: (rating) => `${rating} out of 5 stars`,
  ratings: (count) => `${count} ratings`,
  byline: (brand) => `Visit the ${brand} Store`,
  notFoundTitle: "Page Not Found",
  errorTitle: "Sorry! Something went wrong!",
  wall: "Click the button below to continue shopping",
  robot: "Enter the characters you see below",
  author: "(Author)",
};

const TEXTS: Readonly<Record<string, PageTexts>> = {
  en: ENGLISH,
  de: {
    ...ENGLISH,
    stars: (rating) => `${rating} von 5 Sternen`,
    ratings: (count) => `${count} Sternebewertungen`,
    byline: (brand) => `Besuche den ${brand}-Store`,
    notFoundTitle: "Seite wurde nicht gefunden",
    errorTitle: "Tut uns Leid!",
    wall: "Klicke auf die Schaltfläche unten, um mit dem Einkauf fortzufahren",
    author: "(Autor)",
  },
  fr: {
    ...ENGLISH,
    stars: (rating) => `${rating} étoiles sur 5`,
    ratings: (count) => `${count} évaluations`,
    byline: (brand) => `Visiter la boutique ${brand}`,
    notFoundTitle: "Page introuvable",
    errorTitle: "Toutes nos excuses !",
    wall: "Cliquez sur le bouton ci-dessous pour continuer vos achats",
    author: "(Auteur)",
  },
  it: {
    ...ENGLISH,
    stars: (rating) => `${rating} su 5 stelle`,
    ratings: (count) => `${count} voti`,
    byline: (brand) => `Visita lo Store di ${brand}`,
    notFoundTitle: "Impossibile trovare la pagina",
    errorTitle: "Siamo spiacenti",
    wall: "Clicca il pulsante qui sotto per continuare a fare acquisti",
    author: "(Autore)",
  },
  es: {
    ...ENGLISH,
    stars: (rating) => `${rating} de 5 estrellas`,
    ratings: (count) => `${count} valoraciones`,
    byline: (brand) => `Visita la tienda de ${brand}`,
    notFoundTitle: "Página no encontrada",
    errorTitle: "Lo sentimos",
    author: "(Autor)",
  },
  pt: {
    ...ENGLISH,
    stars: (rating) => `${rating} de 5 estrelas`,
    ratings: (count) => `${count} avaliações`,
    byline: (brand) => `Visite a loja ${brand}`,
    notFoundTitle: "Página não encontrada",
    errorTitle: "Lamentamos",
    author: "(Autor)",
  },
  nl: {
    ...ENGLISH,
    stars: (rating) => `${rating} van 5 sterren`,
    ratings: (count) => `${count} beoordelingen`,
    byline: (brand) => `Bezoek de ${brand}-Store`,
  },
  pl: {
    ...ENGLISH,
    stars: (rating) => `${rating} z 5 gwiazdek`,
    ratings: (count) => `${count} ocen`,
    byline: (brand) => `Odwiedź sklep ${brand}`,
  },
  sv: {
    ...ENGLISH,
    stars: (rating) => `${rating} av 5 stjärnor`,
    ratings: (count) => `${count} betyg`,
    byline: (brand) => `Besök ${brand}-butiken`,
  },
  tr: {
    ...ENGLISH,
    stars: (rating) => `5 yıldız üzerinden ${rating}`,
    ratings: (count) => `${count} değerlendirme`,
    byline: (brand) => `${brand} Store'u ziyaret edin`,
  },
  ja: {
    ...ENGLISH,
    stars: (rating) => `5つ星のうち${rating}`,
    ratings: (count) => `${count}個の評価`,
    byline: (brand) => `${brand}のストアを表示`,
    notFoundTitle: "ページが見つかりません",
    errorTitle: "ご迷惑をおかけしています！",
    author: "(著)",
  },
  ar: {
    ...ENGLISH,
    stars: (rating) => `${rating} من 5 نجوم`,
    ratings: (count) => `${count} تقييم`,
    byline: (brand) => `قم بزيارة متجر ${brand}`,
  },
};

/** The words of a shop's pages. */
export const textsOf = (place: Marketplace): PageTexts => TEXTS[languageOf(place).slice(0, 2)] ?? ENGLISH;

const number = (value: number, place: Marketplace, digits: number): string =>
  new Intl.NumberFormat(`${languageOf(place)}-u-nu-latn`, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: "always",
  }).format(value);

/** A count with the shop's separators. */
export const countText = (count: number, place: Marketplace): string => number(count, place, 0);

/** A rating with the shop's decimal sign. */
export const ratingText = (rating: number, place: Marketplace): string => number(rating, place, 1);

const SYMBOL_FIRST: Readonly<Record<string, string>> = {
  US: "$",
  CA: "$",
  MX: "$",
  BR: `R$${NBSP}`,
  UK: "£",
  IE: "€",
  TR: "₺",
  AE: `AED${NBSP}`,
  SA: `SAR${NBSP}`,
  EG: `EGP${NBSP}`,
  IN: "₹",
  JP: "￥",
  AU: "$",
  SG: "S$",
  NL: `€${NBSP}`,
};
const SYMBOL_LAST: Readonly<Record<string, string>> = {
  DE: `${NBSP}€`,
  FR: `${NBSP}€`,
  IT: `${NBSP}€`,
  ES: `${NBSP}€`,
  BE: `${NBSP}€`,
  PL: `${NBSP}zł`,
  SE: `${NBSP}kr`,
};
const OLD_SYMBOL: Readonly<Record<string, string>> = { CA: "CDN$ ", DE: "EUR ", FR: "EUR ", IT: "EUR ", ES: "EUR " };

/** How a page shows an amount of minor units. Old pages put `EUR` or `CDN$` first; the newest of Spain and Italy put € first. */
export const priceText = (minor: number, place: Marketplace, layout: string): string => {
  const digits = place.currencyDigits;
  const amount = number(digits === 0 ? minor : minor / 100, place, digits);
  const old = layout === "2018" ? OLD_SYMBOL[place.country] : undefined;
  if (old) return `${old}${amount}`;
  if (layout === "2026" && (place.country === "ES" || place.country === "IT")) return `€${amount}`;
  const first = SYMBOL_FIRST[place.country];
  return first === undefined ? `${amount}${SYMBOL_LAST[place.country] ?? ` ${place.currency}`}` : `${first}${amount}`;
};
