import { describe, expect, it } from "vitest";
import { parsePage } from "../../../../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { PHRASE_SAMPLES } from "../../../../../helpers/shop-texts/phrase-samples.ts";
import { PAGE_ASIN, readPage } from "./synthetic-page.ts";

const OTHER = "B000000002";
const FAMILY = "B000000009";
const TITLE = '<span id="productTitle">T</span>';
const identify = (body: string, asin: string | null = PAGE_ASIN) =>
  parsePage(TITLE + body, { asin, marketplace: "www.amazon.com" });

describe("the ASIN of a page", () => {
  const widget = `<form id="twister" action="/gp/product/handle-buy-box"><input name="ASIN" value="${FAMILY}"></form>`;
  const bundle = `<form class="add-to-cart-data"><input name="items[0.base][asin]" value="${OTHER}"></form>`;

  it.each([
    ["the cart's", `${widget}<form id="addToCart"><input name="ASIN" value="${PAGE_ASIN}"></form>${bundle}`],
    [
      "the cart's newer field",
      `${bundle}<form id="addToCart"><input name="items[0.base][asin]" value="${PAGE_ASIN}"></form>`,
    ],
    ["the one of an e-book's form", `<form id="buyOneClick"><input name="ASIN.0" value="${PAGE_ASIN}"></form>`],
    ["the script's", `${widget}<script>{"currentAsin" : "${PAGE_ASIN}"}</script>${bundle}`],
    ["the one of its ratings", `${widget}<div id="averageCustomerReviews" data-asin="${PAGE_ASIN}"></div>`],
    [
      "the canonical link's",
      `${widget}<link rel="canonical" href="https://www.amazon.com/x/dp/${PAGE_ASIN}">${bundle}`,
    ],
  ])("is %s, never a widget's", (_, body) => {
    expect(identify(body, null).asin).toBe(PAGE_ASIN);
    expect(identify(body)).toMatchObject({ asin: PAGE_ASIN, redirected: false });
  });

  it("is the variation's while the cart holds only the family", () => {
    const body = `<script>{"currentAsin":"${PAGE_ASIN}","parentAsin":"${FAMILY}"}</script><form id="addToCart"><input name="ASIN" value="${FAMILY}"></form>`;
    expect(identify(body)).toMatchObject({ asin: PAGE_ASIN, parentAsin: FAMILY, redirected: false });
    expect(identify(body, FAMILY)).toMatchObject({ asin: FAMILY, redirected: false });
  });

  it("is another product's when the shop shows another one", () =>
    expect(identify(`<form id="addToCart"><input name="ASIN" value="${OTHER}"></form>`)).toMatchObject({
      asin: OTHER,
      redirected: true,
    }));
});

describe("the features of a page", () => {
  const list = "<ul><li><span class='a-list-item'>one</span></li><li><span class='a-list-item'> two </span></li></ul>";
  it.each([
    ["general", `<div id="feature-bullets">${list}</div>`],
    ["general with its frame", `<div id="featurebullets_feature_div"><div id="feature-bullets">${list}</div></div>`],
    ["clothing", `<div id="productFactsDesktopExpander"><div>Material<span>cotton</span></div>${list}</div>`],
    ["clothing of small screens", `<div id="productFactsMobileExpander">${list}</div>`],
    ["small screens", `<div id="feature-bullets-btf">${list}</div>`],
    ["lines without spans", '<div id="feature-bullets"><ul><li>one</li><li>two</li></ul></div>'],
  ])("are found in the layout of %s", (_, body) => expect(readPage(body).fields.features).toEqual(["one", "two"]));

  it("keep the joiners of emoji and of Indic scripts, and lose invisible marks", () => {
    const body = '<div id="feature-bullets"><ul><li>\u200e👩\u200d💻 क्\u200dष\u200b</li></ul></div>';
    expect(readPage(body).fields.features).toEqual(["👩\u200d💻 क्\u200dष"]);
  });
});

describe("the categories of a page", () => {
  const crumbs = (...links: string[]): string => `<div id="wayfinding-breadcrumbs_feature_div">${links.join("")}</div>`;
  const category = '<a href="/Poker/b/ref=dp_bc_1?ie=UTF8&node=1">Poker</a>';

  it.each(Object.values(PHRASE_SAMPLES).flatMap(({ back }) => back))("are not the way back: %s", (text) => {
    const link = `<a href="/Low-Price/bbp?category=x">${text}</a>`;
    expect(readPage(crumbs(link)).fields.categories).toBeUndefined();
    expect(readPage(crumbs(link, category)).fields.categories).toEqual(["Poker"]);
  });

  it.each([
    '<a id="breadcrumb-back-link" href="/bbp">‹ Anything</a>',
    '<a href="/x" onclick="if(history.length > 1) { history.back(); return false; }">Anything</a>',
    '<a href="https://www.amazon.es/-/pt/s?k=x">Anything</a>',
    '<a href="/s/ref=sr_nr_p_72_1?rh=n">Anything</a>',
  ])("are not a link that leads back by its own marks: %s", (link) =>
    expect(readPage(crumbs(link, category)).fields.categories).toEqual(["Poker"]),
  );
});

describe("the brand of a page", () => {
  const overview = (brand: string): string =>
    `<table><tr class="po-brand"><td>Brand</td><td><span>${brand}</span></td></tr></table>`;
  const byline = (text: string): string => `<a id="bylineInfo" href="/stores/x">${text}</a>`;

  it.each([
    ["Visit the Amazon Renewed Store", "Acme"],
    ["Besuche den Bestpreis24-Store", "Acme"],
    ["Amazonリニューアルのストアを表示", "アクメ"],
  ])("is the maker, not the store: %s", (line, brand) =>
    expect(readPage(byline(line) + overview(brand)).fields.brand).toBe(brand),
  );

  it.each([
    "Visit the Amazon Renewed Store",
    "Besuche den Amazon Renewed-Store",
    "Visitez la boutique Amazon Reconditionné",
    "Amazon 整備済み品のストアを表示",
    "Visit the Amazon Resale Store",
  ])("is none where only the store of a programme is named: %s", (line) =>
    expect(readPage(byline(line)).fields.brand ?? null).toBeNull(),
  );

  it.each(["Amazon", "Amazon Basics", "Amazon Essentials", "Renewed Hope"])("may be one of Amazon's own: %s", (brand) =>
    expect(readPage(byline(`Visit the ${brand} Store`)).fields.brand).toBe(brand),
  );

  it("keeps the byline's spelling where the table names the same one", () =>
    expect(readPage(byline("Visit the kinis Store") + overview("KINIS")).fields.brand).toBe("kinis"));

  it.each(Object.values(PHRASE_SAMPLES).flatMap(({ store, brand }) => [...store, ...brand]))(
    "is taken out of the line “%s”",
    (line) => expect(readPage(`<div id="bylineInfo">${line}</div>`).fields.brand).toMatch(/^(?:Acme|أكمي|アクメ|एक्मे)$/),
  );

  it.each([
    '<div id="bylineInfo"><span>Rated: </span><span>NR (Not Rated)</span> <span>Format: </span><span>DVD</span></div>',
    '<div id="bylineInfo"><span>Alterseinstufung: </span><span>Freigegeben ohne Beschränkung</span> Format: Blu-ray</div>',
    '<div id="bylineInfo">Format : CD</div>',
    '<div id="bylineInfo">de <span class="author"><a>Una Autora</a> (Autor)</span></div>',
  ])("is none in a line of ratings, formats or people: %s", (line) =>
    expect(readPage(line).fields.brand).toBeUndefined(),
  );
});

describe("the maker of a page", () => {
  it.each(Object.values(PHRASE_SAMPLES).flatMap(({ manufacturer }) => manufacturer))("is labelled “%s”", (label) => {
    const body = `<table id="productDetails_techSpec_section_1"><tr><th>\u200e${label} :</th><td>Acme</td></tr></table>`;
    expect(readPage(body).fields.manufacturer).toBe("Acme");
  });
});

describe("the ratings of a page", () => {
  const own = (inside: string): string => `<div id="averageCustomerReviews">${inside}</div>`;
  const others =
    '<div class="carousel"><span id="acrPopover" title="4.9 out of 5 stars"></span><span id="acrCustomerReviewText">99 ratings</span></div>';

  it.each([
    "",
    own('<a id="acrCustomerWriteReviewLink">Be the first to review this item</a>') + others,
    own('<span id="acrPopover" title="0.0 out of 5 stars"></span>'),
    '<i data-hook="average-star-rating">0,0 von 5 Sternen</i>',
  ])("are none, not 0, without reviews: %s", (body) => {
    expect(readPage(body).fields.star_rating).toBeUndefined();
    expect(readPage(body).fields.customer_review_count).toBeUndefined();
  });

  it("are the page's own, not those of a carousel before it", () => {
    const body =
      others +
      own(
        '<span id="acrPopover" title="4,3 von 5 Sternen"></span><span id="acrCustomerReviewText">1.033 Bewertungen</span>',
      );
    expect(readPage(body, "www.amazon.de").fields).toMatchObject({ star_rating: 4.3, customer_review_count: 1033 });
  });
});

describe("a page that asks to be loaded again", () => {
  const reload = Object.values(PHRASE_SAMPLES).flatMap((samples) => samples.reload);
  it.each(reload)("is the shop's error, in an alert: %s", (text) => {
    const html = `<body>${"Navigation ".repeat(200)}<div class="a-alert-error" role="alert">${text}</div></body>`;
    expect(parsePage(html, { asin: null, marketplace: "www.amazon.com" })).toMatchObject({
      kind: "server_error",
      fields: {},
    });
  });

  it.each(reload)("is the shop's error, when it says nothing else: %s", (text) =>
    expect(parsePage(`<body><p>${text}</p></body>`, { asin: null, marketplace: "www.amazon.com" }).kind).toBe(
      "server_error",
    ),
  );

  it("is the shop's error by its mark alone", () => {
    const html = '<div id="dpSorryPage"><h1 id="title">Some book</h1><form id="addToCart"></form></div>';
    expect(parsePage(html, { asin: null, marketplace: "www.amazon.com" }).kind).toBe("server_error");
  });

  it("is not a good page with such a text in a hidden box", () => {
    const hidden = '<span class="aok-hidden"><div role="alert">Please refresh the page.</div></span>';
    expect(readPage(hidden).kind).toBe("product");
    const other = `<body>${"Words ".repeat(300)}${hidden}</body>`;
    expect(parsePage(other, { asin: null, marketplace: "www.amazon.com" }).kind).toBe("other");
  });
});
