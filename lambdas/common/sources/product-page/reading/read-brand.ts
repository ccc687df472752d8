import type { CheerioAPI } from "cheerio/slim";
import { foldSpelling, phrasePattern } from "../../../core/page-text/phrase-pattern.ts";
import { textStart } from "../../../core/page-text/text-start.ts";
import { detailRows } from "./detail-rows.ts";
import { visibleText, withoutMarks } from "./dom.ts";

/** Spelling of names, which is the shop's own but for apostrophes. */
const spelling = (text: string): string => text.normalize("NFC").replace(/[’‘`´]/g, "'");

/** How the shops write the brand's line; the first group that is there is the brand. */
const BYLINES: readonly RegExp[] = [
  phrasePattern("store", { around: (phrases) => `^${phrases}$`, spelling }),
  phrasePattern("brand", { around: (phrases) => `^${phrases} ?[:：] ?(.{1,120})$`, spelling }),
];
const LABEL = phrasePattern("brand", { around: (phrases) => `^${phrases}$`, spelling });
/** A remark that the store is in another language. */
const IN_LANGUAGE = / ?\((?:em|in|en|auf|på|w) [^)]{1,40}\)$/i;

const namedIn = (line: string): string | undefined =>
  BYLINES.flatMap((pattern) => pattern.exec(spelling(line))?.slice(1) ?? [])
    .find((group) => group?.trim())
    ?.trim();

const plainLine = (byline: string): string => withoutMarks(textStart(byline)).replace(IN_LANGUAGE, "").trim();

/** Takes the brand out of a byline in any shop's language; a byline of its own kind is the brand itself. */
export const brandFromByline = (byline: string): string | null => {
  const line = plainLine(byline);
  return namedIn(line) ?? (line || null);
};

const REFURBISHED = phrasePattern("refurbished");
/** Amazon's shops for goods that were returned. */
const RETURNED = /^(?:resale|warehouse|outlet|second chance)/i;
const OWN = /^amazon(?![a-z])/i;

/** Whether a name is that of a programme by which Amazon sells what others made, such as `Amazon Renewed`. */
const isProgramme = (name: string): boolean => {
  const own = OWN.exec(name)?.[0];
  if (own === undefined) return false;
  const rest = name.slice(own.length).trim();
  return RETURNED.test(rest) || REFURBISHED.test(foldSpelling(rest));
};

const same = (left: string, right: string): boolean =>
  left.localeCompare(right, undefined, { sensitivity: "base", ignorePunctuation: true }) === 0;

/** The brand that the page's table of attributes names; null when it has none. */
const attributeBrand = ($: CheerioAPI): string | null =>
  visibleText($, ".po-brand td:nth-child(2)") ||
  detailRows($).find(({ label }) => LABEL.test(spelling(label)))?.value ||
  null;

/**
 * The brand; null for books, films and music, whose byline names people, ratings or formats. A byline is a brand when
 * it is a link or has one of the forms that the shops use. Where the page's own attributes name another brand, they are
 * right: a byline may lead to the store of a programme or a seller instead of the maker's. A programme of Amazon's own is
 * no brand, whether the page names one or not.
 */
export const readBrand = ($: CheerioAPI): string | null => {
  const attribute = attributeBrand($);
  const place = $("#bylineInfo").length > 0 ? "#bylineInfo" : "#brand";
  const byline = visibleText($, place);
  const byPeople = $("#bylineInfo .author, #bylineInfo .contribution").length > 0;
  if (byline === "" || byPeople) return attribute;
  const isLink = $(place).first().is("a") || $(place).first().closest("a").length > 0;
  const name = isLink ? brandFromByline(byline) : (namedIn(plainLine(byline)) ?? null);
  const named = name !== null && isProgramme(name) ? null : name;
  return attribute !== null && (named === null || !same(attribute, named)) ? attribute : named;
};
