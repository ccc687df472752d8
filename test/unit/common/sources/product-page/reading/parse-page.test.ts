import { describe, expect, it } from "vitest";
import { parsePage } from "../../../../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { brandFromByline } from "../../../../../../lambdas/common/sources/product-page/reading/read-brand.ts";

const ASIN = "B000000001";
const title = '<span id="productTitle"> A   product </span>';
const page = (body: string, head = ""): string =>
  `<html><head>${head}</head><body>${title}<input id="ASIN" value="${ASIN}">${body}</body></html>`;
const read = (body: string, marketplace = "www.amazon.com", head = "") =>
  parsePage(page(body, head), { asin: ASIN, marketplace });
const price = (text: string): string =>
  `<div id="corePrice_feature_div"><span class="a-price"><span class="a-offscreen">${text}</span></span></div>`;

describe("kinds of pages", () => {
  it.each([
    ["captcha", '<form action="/errors/validateCaptcha"><input id="captchacharacters"></form>'],
    [
      "captcha",
      '<title>Robot Check</title><h4>Enter the characters you see below</h4><form action="/errors/validateCaptcha"></form>',
    ],
    [
      "click_through",
      '<h4>Click the button below to continue shopping</h4><form method="get" action="/errors/validateCaptcha"></form>',
    ],
    ["click_through", '<h4>Klicke auf die Schaltfläche unten</h4><form action="/errors/validateCaptcha"></form>'],
    ["js_challenge", '<script>window.gokuProps = {}</script><div id="challenge-container"></div>'],
    ["server_error", '<title>x</title><img src="https://x/G/03/error/500-title._TTD_.png">'],
    ["server_error", "<title>Sorry! Something went wrong!</title><a href='/ref=cs_503_logo'>"],
    ["not_found", "<title>Seite wurde nicht gefunden</title>"],
    ["not_found", '<title>x</title><img src="https://x/G/01/error/en_US/title._TTD_.png"><a href="/dogsofamazon">'],
    ["sign_in", '<form name="signIn"><input id="ap_email"></form>'],
    ["other", "<p>hello</p>"],
    [
      "other",
      "<!-- To discuss automated access to Amazon data please contact api-services-support@amazon.com. captcha -->",
    ],
    ["product", `${title}<script>var captcha = "opfcaptcha"; // captcha</script>`],
  ])("are recognised by their marks: %s", (kind, html) => {
    const parsed = parsePage(html, { asin: ASIN, marketplace: "www.amazon.com" });
    expect(parsed.kind).toBe(kind);
    if (kind !== "product") expect(parsed.fields).toEqual({});
  });
});

describe("the product of a page", () => {
  it("is compared with the one asked for", () => {
    const html = `${title}<input name="ASIN" value="B000000002">`;
    expect(parsePage(html, { asin: ASIN, marketplace: "www.amazon.com" })).toMatchObject({
      asin: "B000000002",
      redirected: true,
    });
    expect(parsePage(html, { asin: null, marketplace: "www.amazon.com" }).redirected).toBe(false);
  });

  it("falls back to the canonical link, and says when it names another", () => {
    const canonical = `${title}<link rel="canonical" href="https://www.amazon.com/x/dp/${ASIN}">`;
    expect(parsePage(canonical, { asin: ASIN, marketplace: "www.amazon.com" })).toMatchObject({
      asin: ASIN,
      redirected: false,
    });
    const family = read('<link rel="canonical" href="https://www.amazon.com/x/dp/B000000009">');
    expect(family).toMatchObject({
      asin: ASIN,
      canonicalAsin: "B000000009",
      redirected: false,
      notes: [expect.stringContaining("B000000009")],
    });
  });

  it("knows its family", () =>
    expect(read('<script>{"parentAsin" : "B000000009"}</script>').fields.parent_asin).toBe("B000000009"));
});

describe("the price of a page", () => {
  it("is put together from its parts where the spoken one is blank", () => {
    const parts =
      '<span class="a-price-symbol">R$</span><span class="a-price-whole">3.982<span class="a-price-decimal">,</span></span><span class="a-price-fraction">89</span>';
    const html = `<div id="corePriceDisplay_desktop_feature_div"><span class="a-price priceToPay"><span class="a-offscreen"> </span>${parts}</span></div>`;
    expect(read(html, "www.amazon.com.br")).toMatchObject({
      priceFrom: "#corePriceDisplay_desktop_feature_div",
      fields: { current_price: "3982.89", currency: "BRL" },
    });
  });

  it("comes from the offer's own block, never from a carousel before it", () => {
    const carousel = '<div class="carousel"><span class="a-price"><span class="a-offscreen">$1.00</span></span></div>';
    expect(read(carousel).fields.current_price).toBeUndefined();
    expect(read(carousel + price("$35.99")).fields.current_price).toBe("35.99");
  });

  it("is the displayed one, before the form's, before the data's", () => {
    const form =
      '<input name="items[0.base][customerVisiblePrice][amount]" value="45.99"><input name="items[0.base][customerVisiblePrice][currencyCode]" value="USD">';
    const data =
      '<div class="twister-plus-buying-options-price-data">{"desktop_buybox_group_1":[{"displayPrice":"$9.00","buyingOptionType":"SNS"},{"displayPrice":"$50.00","buyingOptionType":"NEW"}]}</div>';
    expect(read(price("$35.99") + form + data).fields.current_price).toBe("35.99");
    expect(read(form + data)).toMatchObject({ priceFrom: "cart form", fields: { current_price: "45.99" } });
    expect(read(data)).toMatchObject({ priceFrom: "twister data", fields: { current_price: "50.00" } });
  });

  it.each([
    ['<span id="priceblock_ourprice">EUR 14,99</span>', "14.99"],
    ['<span id="priceblock_dealprice">9,99 €</span><span id="priceblock_ourprice">14,99 €</span>', "9.99"],
    ['<div id="buyNewSection"><span class="offer-price">10,62 €</span></div>', "10.62"],
    ['<div id="usedBuySection"><span class="offer-price">6,50 €</span></div>', undefined],
    ['<span id="kindle-price">10,99 €</span>', "10.99"],
    [
      '<div id="tmmSwatches"><span class="a-color-price">kostenlose App</span><span class="a-color-price">12,00 €</span></div>',
      "12.00",
    ],
    ['<div id="cerberus-data-metrics" data-asin-price="7.99" data-asin-currency-code="EUR"></div>', "7.99"],
    ['<div id="cerberus-data-metrics" data-asin-price="" data-asin-currency-code="EUR"></div>', undefined],
  ])("is found in older layouts: %s", (html, amount) =>
    expect(read(html, "www.amazon.de").fields.current_price).toBe(amount),
  );

  it("is none when only a used item is featured", () => {
    const used =
      '<div id="usedOnlyBuybox"><div id="usedBuySection"><span class="offer-price">$4.45</span></div></div><div id="tmmSwatches"><span class="a-color-price">$4.45</span></div>';
    const parsed = read(used);
    expect(parsed.fields.current_price ?? null).toBeNull();
    expect(parsed.notes).toEqual([expect.stringContaining("used")]);
  });

  it("in another currency is refused, and no other place is tried", () => {
    const parsed = read(`${price("CAD 49.99")}<span id="price_inside_buybox">$40.00</span>`);
    expect(parsed.fields.current_price ?? null).toBeNull();
    expect(parsed.fields.currency ?? null).toBeNull();
    expect(parsed.notes).toEqual([expect.stringContaining("CAD")]);
  });

  it("goes with the struck-through one, when that is higher", () => {
    const block = (struck: string): string =>
      `<div id="corePriceDisplay_desktop_feature_div"><span class="a-price priceToPay"><span class="a-offscreen">€35,99</span></span><span class="basisPrice"><span class="a-offscreen">${struck}</span></span></div>`;
    expect(read(block("€45,99"), "www.amazon.it").fields).toMatchObject({
      original_price: "45.99",
      savings_amount: "10.00",
      savings_percentage: 22,
    });
    expect(read(block("€15,99"), "www.amazon.it").fields.original_price).toBeUndefined();
  });
});

describe("availability of a page", () => {
  it.each([
    [
      '<div id="availability"><span>Only 2 left in stock.</span><script>{"x":"unavailable"}</script></div>',
      "low_stock",
    ],
    [
      '<div id="availability"></div><div id="outOfStock"><span class="a-text-bold">Currently unavailable.</span></div>',
      "unavailable",
    ],
    ['<div id="outOfStock">?</div>', "out_of_stock"],
    ['<div id="unqualifiedBuyBox"></div><input id="add-to-cart-button">', "unknown"],
    ['<input id="add-to-cart-button">', "in_stock"],
    ['<div id="availability"><span>Words nobody knows</span></div>', "unknown"],
    ["", undefined],
  ])("of %s is %s", (html, type) => expect(read(html).fields.availability_type).toBe(type));
});

describe("the pictures of a page", () => {
  const base = "https://m.media-amazon.com/images/I";
  it("are the largest of each, the main one first, none twice", () => {
    const html = `<img id="landingImage" data-old-hires="${base}/AAA._SL1500_.jpg" src="data:image/gif;base64,xx">
      <script>var d = {'colorImages': { 'initial': [{"hiRes":"${base}/AAA._SL1000_.jpg","large":"x"},{"hiRes":null,"large":"${base}/BBB._AC_.jpg"}]}, 'more': []}</script>`;
    expect(read(html).fields.images?.map(({ url }) => url)).toEqual([
      `${base}/AAA._SL1500_.jpg`,
      `${base}/BBB._AC_.jpg`,
    ]);
  });

  it("are the largest of the dynamic ones, never an inlined one", () => {
    const sizes = JSON.stringify({
      [`${base}/A._SX100_.jpg`]: [100, 80],
      [`${base}/A._SX600_.jpg`]: [480, 600],
    }).replaceAll('"', "&quot;");
    expect(read(`<img id="imgBlkFront" data-a-dynamic-image="${sizes}">`).fields.image_url).toBe(
      `${base}/A._SX600_.jpg`,
    );
    expect(read('<img id="landingImage" src="data:image/jpeg;base64,/9j/4AAQ">').fields.image_url).toBeUndefined();
  });

  it("are read from a book's gallery", () => {
    expect(read(`<script>'imageGalleryData' : [{"mainUrl":"${base}/C.jpg"}]</script>`).fields.image_url).toBe(
      `${base}/C.jpg`,
    );
  });
});

describe("the brand of a page", () => {
  it.each([
    ["Visit the charmast Store", "charmast"],
    ["Besuche den Old Spice-Store", "Old Spice"],
    ["Visiter la boutique Bosch", "Bosch"],
    ["Visita la tienda de Philips", "Philips"],
    ["Visita lo Store di De'Longhi", "De'Longhi"],
    ["Visite a loja WAP", "WAP"],
    ["Visite a Loja da Hi-Spec (em Espanhol)", "Hi-Spec"],
    ["Bezoek de Philips-winkel", "Philips"],
    ["Odwiedź sklep Anker", "Anker"],
    ["Samsung Mağazasını ziyaret edin", "Samsung"],
    ["Samsung Store'u ziyaret edin", "Samsung"],
    ["アンカーのストアを表示", "アンカー"],
    ["تفضل بزيارة متجر سامسونج", "سامسونج"],
    ["Brand: uxcell", "uxcell"],
    ["Marke: LEGO", "LEGO"],
    ["ブランド: 任天堂", "任天堂"],
    ["Palarn", "Palarn"],
  ])("is taken out of “%s”", (line, brand) => expect(brandFromByline(line)).toBe(brand));

  it("is not the author of a book", () => {
    expect(
      read('<div id="bylineInfo">by <span class="author"><a>Mat Follas</a> (Author)</span></div>').fields.brand,
    ).toBeUndefined();
  });
});

describe("structured data of a page", () => {
  const product = {
    "@type": "Product",
    name: "LD name",
    brand: { name: "LD brand" },
    offers: { price: "12.5", priceCurrency: "USD", availability: "https://schema.org/InStock" },
    aggregateRating: { ratingValue: "4.5", reviewCount: 12 },
  };
  const script = (json: unknown): string => `<script type="application/ld+json">${JSON.stringify(json)}</script>`;

  it.each([
    ["alone", product],
    ["in a list", [{ "@type": "BreadcrumbList" }, product]],
    ["in a graph", { "@graph": [product] }],
  ])("fills what the page leaves open: %s", (_, json) => {
    expect(read(script(json)).fields).toMatchObject({
      title: "A product",
      brand: "LD brand",
      current_price: "12.50",
      currency: "USD",
      availability_type: "in_stock",
      star_rating: 4.5,
      customer_review_count: 12,
    });
  });

  it("never replaces what the page shows, nor brings a foreign price", () => {
    expect(read(script(product) + price("$10.00")).fields.current_price).toBe("10.00");
    expect(read(script(product), "www.amazon.ca").fields.current_price ?? null).toBeNull();
    expect(read(script(product) + price("CAD 10.00")).fields.current_price ?? null).toBeNull();
  });

  it("that is broken is no data", () =>
    expect(read('<script type="application/ld+json">{"@type": </script>').kind).toBe("product"));
});

it("a shop that does not exist is refused", () =>
  expect(() => parsePage("", { asin: null, marketplace: "www.amazon.xx" })).toThrow(RangeError));
