import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";

/**
 * Languages that each shop answers in, by country, the shop's own first.
 * @see https://webservices.amazon.com/paapi5/documentation/locale-reference.html (one page a shop; Ireland's was not
 * found, so it has its own language alone)
 */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  US: ["en_US", "de_DE", "es_US", "ko_KR", "pt_BR", "zh_CN", "zh_TW"],
  CA: ["en_CA", "fr_CA"],
  MX: ["es_MX"],
  BR: ["pt_BR"],
  UK: ["en_GB"],
  DE: ["de_DE", "cs_CZ", "en_GB", "nl_NL", "pl_PL", "tr_TR"],
  FR: ["fr_FR"],
  IT: ["it_IT"],
  ES: ["es_ES"],
  NL: ["nl_NL"],
  BE: ["fr_BE", "nl_BE", "en_GB"],
  IE: ["en_IE"],
  PL: ["pl_PL"],
  SE: ["sv_SE"],
  TR: ["tr_TR"],
  AE: ["en_AE", "ar_AE"],
  SA: ["en_AE", "ar_AE"],
  EG: ["en_AE", "ar_AE"],
  IN: ["en_IN", "hi_IN", "kn_IN", "ml_IN", "ta_IN", "te_IN"],
  JP: ["ja_JP", "en_US", "zh_CN"],
  AU: ["en_AU"],
  SG: ["en_SG"],
};

/** Languages of preference that PA-API takes in a shop, at least one. */
export const languagesIn = (place: Marketplace): readonly string[] => LANGUAGES[place.country] ?? [];

/** Page of the documentation that lists a shop's languages, as PA-API's own refusal names it. */
export const languagesPage = (place: Marketplace): string =>
  `https://webservices.amazon.com/paapi5/documentation/locale-reference/${place.regionName.toLowerCase().replaceAll(" ", "-")}.html#valid-languages`;
