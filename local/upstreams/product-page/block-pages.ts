import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { languageOf } from "../shared/products/shop-language.ts";
import type { PageKind } from "./behaviour.ts";
import { escapeHtml } from "./html.ts";
import { textsOf } from "./page-texts.ts";

/** A page with its status. */
export interface Page {
  readonly status: number;
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every page that is not a product page, of any kind: these words therefore say nothing about the kind. */
const NOTE = `<!-- To discuss automated access to Amazon data please contact api-services-support@amazon.com. -->`;

const shell = (place: Marketplace, title: string, body: string, head = ""): string =>
  `<!doctype html>\n<html lang="${languageOf(place)}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>${head}
<style>${".pad{margin:0;padding:0;border:0}".repeat(40)}</style></head>\n<body>\n${NOTE}\n${body}\n</body></html>\n`;

const captcha = (place: Marketplace): Page => ({
  status: 200,
  html: shell(
    place,
    "Robot Check",
    `<div class="a-container"><h4>${textsOf(place).robot}</h4>
<form method="get" action="/errors/validateCaptcha" name=""><input type="hidden" name="amzn" value="local"><input type="hidden" name="amzn-r" value="/">
<img src="https://images-na.ssl-images-amazon.com/captcha/local/Captcha_local.jpg">
<input autocomplete="off" spellcheck="false" id="captchacharacters" name="field-keywords" type="text"><button type="submit">OK</button></form></div>
<script>var ue_sn = "opfcaptcha.amazon.com";</script>${"<!-- . -->".repeat(300)}`,
  ),
});

const wall = (place: Marketplace): Page => ({
  status: 200,
  html: shell(
    place,
    place.code.replace("www.amazon", "Amazon"),
    `<div class="a-container"><h4>${textsOf(place).wall}</h4>
<form method="get" action="/errors/validateCaptcha"><input type="hidden" name="amzn" value="local"><input type="hidden" name="amzn-r" value="/">
<button type="submit" alt="Continue shopping">Continue shopping</button></form></div>`,
  ),
});

const challenge = (place: Marketplace): Page => ({
  status: 202,
  headers: { "x-amzn-waf-action": "challenge" },
  html: `<!doctype html><html lang="${languageOf(place)}"><head><meta charset="utf-8"><title></title>
<script>window.awsWafCookieDomainList = []; window.gokuProps = {"key":"local","iv":"local","context":"${"local".repeat(200)}"};</script>
<script src="https://local.token.awswaf.com/local/challenge.js"></script></head>
<body><div id="challenge-container"></div><noscript>This page needs JavaScript.</noscript></body></html>`,
});

const error = (place: Marketplace): Page => ({
  status: 503,
  html: shell(
    place,
    textsOf(place).errorTitle,
    `<a href="/ref=cs_503_logo"><img src="https://images-na.ssl-images-amazon.com/images/G/01/error/logo._TTD_.png" alt="logo"></a>
<a href="/ref=cs_503_link"><img src="https://images-na.ssl-images-amazon.com/images/G/01/error/500-title._TTD_.png" alt=""></a>
<a href="/dogsofamazon/ref=cs_503_d"><img id="d" alt="Dogs of Amazon"></a>`,
  ),
});

const notFound = (place: Marketplace): Page => ({
  status: 404,
  html: shell(
    place,
    textsOf(place).notFoundTitle,
    `<a href="/"><img alt="" src="https://images-na.ssl-images-amazon.com/images/G/01/error/${languageOf(place).replace("-", "_")}/title._TTD_.png"></a>
<a href="/dogsofamazon"><img alt="Dogs of Amazon" id="d"></a>`,
  ),
});

const home = (place: Marketplace): Page => ({
  status: 200,
  html: shell(
    place,
    place.code,
    `<div id="nav-belt"></div><div id="pageContent">${"<p>Offers of the day</p>".repeat(50)}</div>`,
  ),
});

const signIn = (place: Marketplace): Page => ({
  status: 200,
  html: shell(place, "Sign-In", `<form name="signIn" action="/ap/signin"><input type="email" name="email"></form>`),
});

/** A page that is no product, or undefined for a kind that is one. `base` is the path prefix of the shop. */
export const blockPage = (kind: PageKind, place: Marketplace, base: string): Page | undefined => {
  switch (kind) {
    case "captcha":
      return captcha(place);
    case "wall":
      return wall(place);
    case "challenge":
      return challenge(place);
    case "error":
      return error(place);
    case "not-found":
      return notFound(place);
    case "home":
      return { status: 301, html: "", headers: { location: `${base}/` } };
    case "sign-in":
      return { status: 302, html: "", headers: { location: `${base}/ap/signin` } };
    default:
      return undefined;
  }
};

export { home as homePage, signIn as signInPage };
