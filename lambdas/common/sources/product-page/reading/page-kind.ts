import type { CheerioAPI } from "cheerio/slim";
import { visibleText } from "./dom.ts";

/**
 * What Amazon sent instead of, or as, a product page.
 * - `captcha`: characters to be typed; `click_through`: the "continue shopping" wall; `js_challenge`: a script that
 *   wants to run first. All three are blocks, and none is ever bypassed.
 * - `server_error`: the 500 or 503 page, which is also how Amazon turns robots away.
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
const NOT_FOUND_TITLE =
  /page not found|document not found|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|página não encontrada|pagina non trovata|pagina niet gevonden|nie znaleziono strony|sidan hittades inte|sayfa bulunamadı|ページが見つかりません|الصفحة غير موجودة/i;
const ERROR_TITLE =
  /something went wrong|algo deu errado|es ist ein fehler aufgetreten|une erreur s'est produite|se ha producido un error|si è verificato un errore|er is iets (?:fout|mis)gegaan|coś poszło nie tak|något gick fel|bir sorun oluştu|問題が発生しました/i;

/**
 * The kind of a page, by marks that only that kind has. The words "captcha" and "To discuss automated access" are no
 * marks: scripts of good pages contain the first, every error page the second.
 */
export const pageKind = ($: CheerioAPI, html: string): PageKind => {
  const title = visibleText($, "title");
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
  return "other";
};
