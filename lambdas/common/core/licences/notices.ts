import * as z from "zod";
import { findMarketplace } from "../products/marketplaces.ts";
import { type NoticeId, NoticeIdSchema } from "./licence.ts";
import { TRANSLATIONS, type Translation } from "./notice-translations.ts";

/** One sentence that a site must show beside what an affiliate API gave. */
export const NoticeSchema = z
  .object({
    id: NoticeIdSchema.describe(
      "`prices`: wherever prices or availability stand; `content`: on every site with Amazon's content; `associate`: on public pages.",
    ),
    language: z.string().describe("Language of the text, such as en or de."),
    translation: z
      .boolean()
      .describe("True for a translation of our own; Amazon's wording is the English one, which is always there too."),
    text: z.string().describe("The sentence, with the shop's name in it."),
  })
  .meta({ id: "Notice" });
export type Notice = z.infer<typeof NoticeSchema>;

/** Amazon's own words, exactly; `[Amazon Site]` stands for the shop's name. See docs/licences.md. */
const ENGLISH: Translation = {
  prices:
    "Product prices and availability are accurate as of the date/time indicated and are subject to change. Any price and availability information displayed on [Amazon Site] at the time of purchase will apply to the purchase of this product.",
  content:
    "CERTAIN CONTENT THAT APPEARS ON THIS SITE COMES FROM AMAZON. THIS CONTENT IS PROVIDED 'AS IS' AND IS SUBJECT TO CHANGE OR REMOVAL AT ANY TIME.",
  associate: "As an Amazon Associate I earn from qualifying purchases.",
};

/** Language that a shop speaks first; English where it is not named. */
const LANGUAGES: Readonly<Record<string, keyof typeof TRANSLATIONS>> = {
  "www.amazon.com.mx": "es",
  "www.amazon.com.br": "pt",
  "www.amazon.de": "de",
  "www.amazon.fr": "fr",
  "www.amazon.it": "it",
  "www.amazon.es": "es",
  "www.amazon.nl": "nl",
  "www.amazon.com.be": "nl",
  "www.amazon.pl": "pl",
  "www.amazon.se": "sv",
  "www.amazon.com.tr": "tr",
  "www.amazon.sa": "ar",
  "www.amazon.eg": "ar",
  "www.amazon.co.jp": "ja",
};

/** Language that a shop speaks first, such as `de`. */
export const languageOf = (marketplace: string): string => LANGUAGES[marketplace] ?? "en";

/** `www.amazon.de` is `Amazon.de` to its customers. */
const shopName = (marketplace: string): string =>
  (findMarketplace(marketplace)?.code ?? marketplace).replace("www.a", "A");

/**
 * The notices of a shop: in its own language, then in English, which is Amazon's wording.
 * @param marketplace code of the shop, such as `www.amazon.de`
 */
export const noticesOf = (marketplace: string): Notice[] => {
  const language = LANGUAGES[marketplace];
  const sentence = (id: NoticeId, text: string) => ({ id, text: text.replace("[Amazon Site]", shopName(marketplace)) });
  return NoticeIdSchema.options.flatMap((id) => [
    ...(language === undefined ? [] : [{ ...sentence(id, TRANSLATIONS[language][id]), language, translation: true }]),
    { ...sentence(id, ENGLISH[id]), language: "en", translation: false },
  ]);
};
