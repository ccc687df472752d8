import type { CheerioAPI } from "cheerio/slim";
import { foldSpelling, phrasePattern } from "../../../core/page-text/phrase-pattern.ts";
import { textStart } from "../../../core/page-text/text-start.ts";
import { eachOf, seenText, visibleText } from "./dom.ts";

/**
 * What Amazon sent instead of, or as, a product page.
 * - `captcha`: characters to be typed; `click_through`: the "continue shopping" wall; `js_challenge`: a script that
 *   wants to run first. All three are blocks, and none is ever bypassed.
 * - `server_error`: the 500 or 503 page, which is also how Amazon turns robots away, and a page that asks to be loaded
 *   again.
 */
export type PageKind =
  | "product"
  | "captcha"
  | "click_through"
  | "js_challenge"
  | "server_error"
  | "not_found"
  | "sign_in"
  | "other";

const TYPE_CHARACTERS =
  /captchacharacters|enter the characters you see below|type the characters|robot check|\/captcha\//i;
const CHALLENGE = /awsWafCookieDomainList|gokuProps|challenge\.js|id="challenge-container"/;
const SERVER_ERROR = /500-title\._TTD_|500_503\.png|ref=cs_50[03]/;
const NOT_FOUND = /error\/[a-z]{2}_[A-Z]{2}\/title\._TTD_|\/dogsofamazon/;
const NOT_FOUND_TITLE = phrasePattern("notFound");
const ERROR_TITLE = phrasePattern("wrong");
const RELOAD = phrasePattern("reload");

/** The place where a product should be, when the shop could not load it. */
const SORRY = "#dpSorryPage";
const ALERTS = ".a-alert-error, [role='alert']";
/** A page with less text than this, in UTF-16 units, has nothing but its message. */
const MAX_MESSAGE_CHARS = 1000;

/** Whether the page asks the reader to load it again, in an alert or as all that it says. */
const asksToReload = ($: CheerioAPI): boolean => {
  const alerts = eachOf($, ALERTS).filter((alert) => alert.closest(".aok-hidden").length === 0);
  const all = seenText($("body"));
  return [...alerts.map(seenText), ...(all.length < MAX_MESSAGE_CHARS ? [all] : [])].some((text) =>
    RELOAD.test(foldSpelling(textStart(text))),
  );
};

/**
 * The kind of a page, by marks that only that kind has. The words "captcha" and "To discuss automated access" are no
 * marks: scripts of good pages contain the first, every error page the second.
 */
export const pageKind = ($: CheerioAPI, html: string): PageKind => {
  const title = foldSpelling(textStart(visibleText($, "title")));
  if ($(SORRY).length > 0) return "server_error";
  const hasCaptchaForm = $('form[action*="/errors/validateCaptcha"]').length > 0;
  const namesProduct = $("#productTitle, #ebooksProductTitle").length > 0;
  if (namesProduct && !hasCaptchaForm) return "product";
  if (hasCaptchaForm || /opfcaptcha/.test(html) || /robot check/i.test(title)) {
    return TYPE_CHARACTERS.test(html) ? "captcha" : "click_through";
  }
  if (CHALLENGE.test(html)) return "js_challenge";
  // The server error page links to the dogs as the not-found page does, so it is tested first.
  if (SERVER_ERROR.test(html) || ERROR_TITLE.test(title)) return "server_error";
  if (NOT_FOUND.test(html) || NOT_FOUND_TITLE.test(title)) return "not_found";
  if ($('form[name="signIn"], #ap_email, #authportal-main-section').length > 0) return "sign_in";
  return asksToReload($) ? "server_error" : "other";
};
