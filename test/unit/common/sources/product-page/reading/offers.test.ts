import { describe, expect, it } from "vitest";
import { priceBlock, readPage, struck } from "./synthetic-page.ts";

const BUTTON = '<input id="add-to-cart-button">';
const row = (id: string, inside: string): string => `<div id="${id}"><div id="apex_${id}">${inside}</div></div>`;

describe("the offer of a page is that of a new item", () => {
  it.each([
    ["a subscription before it", "snsAccordionRowMiddle", "www.amazon.com", "$7.60", "$8.00", "8.00"],
    ["a used one before it", "usedAccordionRow", "www.amazon.de", "6,50 €", "8,00 €", "8.00"],
    ["a refurbished one before it", "renewedTier2AccordionRow", "www.amazon.fr", "60,00 €", "80,00 €", "80.00"],
    ["a rental before it", "rentOfferAccordionRow", "www.amazon.co.uk", "£6.00", "£80.00", "80.00"],
  ])("with %s", (_, id, marketplace, other, own, amount) => {
    const rows = row(id, priceBlock(other) + BUTTON) + row("newAccordionRow_0", priceBlock(own) + BUTTON);
    expect(readPage(rows, marketplace).fields).toMatchObject({ current_price: amount, condition: "New" });
  });

  it.each([
    ["snsAccordionRowMiddle", "www.amazon.it", "€ 8,00", "€ 9,00"],
    ["usedAccordionRow", "www.amazon.co.jp", "￥800", "￥900"],
    ["newAccordionRow_1", "www.amazon.com", "$7.00", "$9.00"],
  ])("and so is the struck price: %s in %s", (id, marketplace, price, other) => {
    const rows = `<div id="apex_desktop">${row("newAccordionRow_0", priceBlock(price))}${row(id, priceBlock(id.startsWith("new") ? other : price, struck(other)))}</div>`;
    const { fields } = readPage(rows, marketplace);
    expect(fields.current_price).toBeDefined();
    expect(fields.original_price).toBeUndefined();
    expect(fields.savings_amount).toBeUndefined();
  });

  it("has its own struck price, although another offer comes first", () => {
    const rows =
      row("snsAccordionRowMiddle", priceBlock("₹90.00", struck("₹150.00"))) +
      row("newAccordionRow_0", priceBlock("₹100.00", struck("₹120.00")));
    expect(readPage(rows, "www.amazon.in").fields).toMatchObject({
      current_price: "100.00",
      original_price: "120.00",
      savings_percentage: 17,
    });
  });

  it("has the struck price of the middle column when the price is read in the buy box", () => {
    const middle = priceBlock("R$ 80,00", struck("R$ 100,00"), "corePriceDisplay_desktop_feature_div");
    const box = priceBlock("R$ 80,00", "", "corePrice_feature_div");
    expect(readPage(box + middle, "www.amazon.com.br").fields.original_price).toBe("100.00");
  });

  it("has the availability of its own row", () => {
    const rows =
      row("usedAccordionRow", '<div id="availability">Only 1 left in stock.</div>') +
      row("newAccordionRow_0", '<div id="availability">In Stock</div>');
    expect(readPage(rows).fields.availability_type).toBe("in_stock");
  });
});

describe("the tabs of a book before 2021", () => {
  const tab = (line: string, price: string, id = "mediaNoAccordion"): string =>
    `<div id="${id}" class="accordion-row"><span class="header-text">${line}</span><span class="header-price">${price}</span>
     <div id="availability">In Stock.</div>${BUTTON}<span class="a-text-strike">$99.00</span></div>`;
  const landing = (inside: string): string => `<div id="mediaTab_content_landing">${inside}</div>`;

  it("give the new offer, with its list price", () => {
    const rows =
      tab("Rent", "$19.60", "rentOfferAccordionRow") +
      tab("Buy used", "$28.00", "usedOfferAccordionRow") +
      tab("Buy new", "$35.64", "newOfferAccordionRow");
    expect(readPage(landing(rows)).fields).toMatchObject({
      current_price: "35.64",
      original_price: "99.00",
      availability_type: "in_stock",
    });
    expect(readPage(landing(tab("Buy new", "$50.39"))).fields.current_price).toBe("50.39");
  });

  it.each([
    ["Rent", "$19.60", "www.amazon.com"],
    ["Buy used", "£19.60", "www.amazon.co.uk"],
    ["Gebraucht kaufen", "19,60 €", "www.amazon.de"],
    ["D'occasion", "19,60 €", "www.amazon.fr"],
    ["Usado", "19,60 €", "www.amazon.es"],
    ["中古品", "￥1,960", "www.amazon.co.jp"],
    ["レンタル", "￥1,960", "www.amazon.co.jp"],
  ])("give neither price nor availability of %s alone", (line, price, marketplace) => {
    const { fields } = readPage(landing(tab(line, price)), marketplace);
    expect(fields.current_price).toBeUndefined();
    expect(fields.availability_type).toBeUndefined();
  });

  it("of other formats are no price of this one", () => {
    const heading = '<li class="mediaTab_heading a-active"><span class="mediaTab_subtitle">from $4.00</span></li>';
    expect(readPage(heading).fields.current_price).toBeUndefined();
    const swatches =
      '<div id="tmmSwatches"><li><span class="a-color-price">$3.00</span></li><li class="selected"><span>Hardcover</span></li></div>';
    expect(readPage(swatches).fields.current_price).toBeUndefined();
  });
});

describe("refurbished items are not new", () => {
  it.each([
    ["Phone 64 GB (Renewed)", "www.amazon.com", "$80.00"],
    ["Laptop - Certified Refurbished", "www.amazon.ca", "$80.00"],
    ["(Refurbished) Tablet", "www.amazon.in", "₹800"],
    ["Handy (Generalüberholt)", "www.amazon.de", "80,00 €"],
    ["Téléphone (Reconditionné)", "www.amazon.fr", "80,00 €"],
    ["Teléfono (Reacondicionado)", "www.amazon.es", "80,00 €"],
    ["Telefono (Ricondizionato)", "www.amazon.it", "80,00 €"],
    ["Telefon (Yenilenmiş)", "www.amazon.com.tr", "80,00 TL"],
    ["【整備済み品】 スマホ", "www.amazon.co.jp", "￥800"],
    ["هاتف (مُجدد)", "www.amazon.sa", "80.00 ر.س"],
  ])("%s", (title, marketplace, price) => {
    const body = `${priceBlock(price)}<div id="availability">In Stock</div>${BUTTON}`;
    const { fields, notes } = readPage(body, marketplace, title);
    expect(fields.current_price).toBeUndefined();
    expect(fields.condition).toBeUndefined();
    expect(fields.availability_type).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining("refurbished")]);
  });

  it("where every row of the buy box says so, whatever the title", () => {
    const rows = row("renewedTier2AccordionRow", `${priceBlock("$80.00", struck("$90.00"))}${BUTTON}`);
    expect(readPage(rows).fields.original_price).toBeUndefined();
    expect(readPage(rows).fields.current_price).toBeUndefined();
  });

  it.each(["Renewed Hope: A Novel", "Faith, Renewed", "How to Sell Refurbished Laptops"])(
    "but a title that only has the word is: %s",
    (title) => expect(readPage(priceBlock("$9.00"), "www.amazon.com", title).fields.current_price).toBe("9.00"),
  );
});

describe("a page without a chosen variation", () => {
  const range = (from: string, to: string): string =>
    `<div id="corePrice_desktop"><span class="a-price-range"><span class="a-price apexPriceToPay"><span class="a-offscreen">${from}</span></span> - <span class="a-price apexPriceToPay"><span class="a-offscreen">${to}</span></span></span></div>`;

  it.each([
    ["www.amazon.com.br", range("R$169,00", "R$199,90")],
    ["www.amazon.de", range("9,99 €", "19,99 €")],
    [
      "www.amazon.com",
      '<span id="priceblock_ourprice">$9.99 - $19.99</span><span id="price_inside_buybox">$9.99</span>',
    ],
    ["www.amazon.fr", '<span id="priceblock_ourprice">EUR 9,99 - EUR 19,99</span>'],
    ["www.amazon.co.jp", '<span id="priceblock_ourprice">￥900 - ￥1,200</span>'],
    ["www.amazon.in", '<span id="priceblock_ourprice">₹ 999.00 – ₹ 1,299.00</span>'],
  ])("shows a range in %s, which is no price and no availability", (marketplace, body) => {
    const { fields, notes } = readPage(`${body}<div id="availability">In Stock</div>${BUTTON}`, marketplace);
    expect(fields.current_price).toBeUndefined();
    expect(fields.availability_type).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining("range")]);
  });

  it.each([
    ["www.amazon.com", '<div id="partialStateBuybox">To buy, select Size</div>'],
    [
      "www.amazon.es",
      '<select name="dropdown_selected_size_name"><option value="-1" selected>Elegir</option></select>',
    ],
    ["www.amazon.com.br", '<span class="unselectedDims">Tamanho</span>'],
    ["www.amazon.it", '<div id="availability">Seleziona la taglia</div>'],
    ["www.amazon.de", '<div id="availability">Zum Kaufen bitte Größe auswählen</div>'],
    ["www.amazon.co.jp", '<div id="availability">サイズを選択してください</div>'],
  ])("asks for the choice in %s: %s", (marketplace, body) => {
    const currency = marketplace.endsWith(".jp") ? "￥90" : marketplace.endsWith(".br") ? "R$ 9,00" : "9,00 €";
    const price = marketplace === "www.amazon.com" ? "$9.00" : currency;
    const { fields } = readPage(`${body}${priceBlock(price)}${BUTTON}`, marketplace);
    expect(fields.current_price).toBeUndefined();
    expect(fields.original_price).toBeUndefined();
    expect(fields.availability_type).toBeUndefined();
  });

  it("takes nothing from structured data either", () => {
    const data =
      '<script type="application/ld+json">{"@type":"Product","offers":{"price":"9.00","priceCurrency":"USD","availability":"InStock"}}</script>';
    const { fields } = readPage(`<div id="partialStateBuybox"></div>${data}`);
    expect(fields.current_price ?? null).toBeNull();
    expect(fields.availability_type ?? null).toBeNull();
  });
});

describe("the viewer's delivery place", () => {
  it.each([
    ["www.amazon.com", "This item cannot be shipped to your selected delivery location."],
    ["www.amazon.de", "Dieser Artikel kann nicht an den ausgewählten Lieferort versandt werden."],
    ["www.amazon.co.jp", "この商品は、選択された配送先には発送できません。"],
    ["www.amazon.nl", "Dit artikel kan niet naar de geselecteerde bezorglocatie worden verzonden."],
  ])("is no stock in %s", (marketplace, text) => {
    const sign = `<div id="outOfStock"><span class="a-color-price">${text}</span></div>`;
    for (const body of [`<div id="availability">${text}</div>${sign}`, sign]) {
      expect(readPage(body, marketplace).fields).toMatchObject({
        availability_type: "unknown",
        availability_message: text,
      });
    }
  });

  it("does not hide a stock that is stated beside it", () => {
    const body = '<div id="availability">In Stock. This item does not ship to Norway.</div>';
    expect(readPage(body).fields.availability_type).toBe("in_stock");
  });
});
