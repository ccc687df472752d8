import { describe, expect, it } from "vitest";
import { readSmallCatalog } from "./read-small-catalog.ts";

const A = "B0AAAAAAA1";
const B = "B0BBBBBBB2";
const C = "B0CCCCCCC3";

/** ASINs of the three that are neither read nor named by a rejected row or a note. */
const lostOf = async (text: string): Promise<string[]> => {
  const { asins, report } = await readSmallCatalog(text);
  const words = report.rejects.map(({ value, reason }) => `${value} ${reason}`).join("\n");
  return [A, B, C].filter((asin) => text.includes(asin) && !asins.includes(asin) && !words.includes(asin));
};

describe("quotes that nothing closes", () => {
  it.each([",", "\t"])("hide no product in rows that are whole or lack cells, with %j between", async (delimiter) => {
    const tables = [
      `Plate,${C}\nMug,"${A}\nRuler 12",${B}`,
      `title,asin,brand\nMug,${A},"Blue\nRuler 12","${B},TV 32"\nx,${C},y`,
      `asin,sku,brand,note\n${A},"S1,Acme,x\n${B},S2 12","Acme,"y"\n${C},S3,z,k`,
      `asin,title,price\n${A},"Blue mug,5\n${B},Red mug"\n${C},x,1`,
    ];
    for (const table of tables) expect(await lostOf(table.replaceAll(",", delimiter)), table).toEqual([]);
  });

  it("name the line of a row that they made text of the one above", async () => {
    const { asins, report } = await readSmallCatalog(`asin,title,price\n${A},"Blue mug,5\n${B},Red mug"\n${C},x,1`);
    expect(asins).toEqual([A, C]);
    expect(report.rejects).toEqual([
      { line: 3, value: B, reason: expect.stringMatching(/text of the row at line 2.*close the quotes/) },
    ]);
    expect(report.rows).toMatchObject({ total: 3, valid: 2, rejected: 1 });
  });
});

describe("a list on a line inside quotes", () => {
  it("is named as far as its products go, not as far as its text is shown", async () => {
    const list = `https://www.amazon.com/dp/${A},https://www.amazon.it/${"Tazza-blu-".repeat(6)}/dp/${B}`;
    expect(await lostOf(`asin|sku|title\n${C}||"\n${list}\n${C}|12"\n`)).toEqual([]);
  });
});

describe("addresses with no separator between them", () => {
  const address = (asin: string): string => `https://www.amazon.com/dp/${asin}`;

  it("are each read, or the cell is refused and named", async () => {
    for (const between of ["", "/", "+", "&", "#", "<br>", "\\n", "\u060c", "\u00b7", "\u00a6", "->", "?th=1"]) {
      const glued = `${address(A)}${between}${address(B)}`;
      const files = [`asin,title\n${glued},x\n${C},y`, `${glued}\n${C}`, JSON.stringify([{ url: glued }, { asin: C }])];
      for (const file of files) expect((await readSmallCatalog(file)).asins, file).toEqual([A, B, C]);
    }
    for (const glued of [`amazon.com/dp/${A}amazon.com/dp/${B}`, `amzn.com/${A}www.amazon.de/gp/product/${B}`]) {
      const { report } = await readSmallCatalog(`asin\n${glued}\n${C}`);
      expect(report.rejects[0]?.reason).toContain(`2 products with nothing between them (${A}, ${B})`);
    }
  });
});

describe("an ASIN where none is read", () => {
  it.each([
    ["in a title above the header", `Report for ASIN: ${A}\nasin,title\n${C},x`],
    ["in a remark above the header", `#${A},old\n- ${B}\nasin,title\n${C},x`],
    ["as a key of a document", `{"products":[{"asin":"${C}"}],"${A}":{"title":"x"},"${B}":[1]}`],
    ["as a key of an item", `[{"${A}":{"title":"x"}},{"asin":"${C}"}]`],
    ["as a key on a line", `{"asin":"${C}"}\n{"${A}":{"title":"x"}}`],
    ["in code", `{"products":[{"asin":"${C}"},["\\u00420${A.slice(2)}"]],"more":["\\u00420${B.slice(2)}"]}`],
  ])("is named by a rejected row: %s", async (_where, text) => {
    expect(await lostOf(text)).toEqual([]);
    expect((await readSmallCatalog(text)).report.rejects.length).toBeGreaterThan(0);
  });
});

describe("a product that something keeps from being read", () => {
  it.each([
    ["an apostrophe, beside another in a table without a header", `S-1;'${A};${B}\nS-2;${C};`],
    ["brackets, beside another in a table without a header", `S-1;[${A}];${B}\nS-2;${C};`],
    ["an apostrophe, in a column of further ASINs", `sku,asin1,asin2\nS-1,${A},'${B}\nS-2,${C},`],
    ["other words, in a list beside the tab that parts it", `${A}; https://www.amazon.com/dp/${B}\tx y\n${C}\tk`],
    ["a query with commas, in a list beside another", `a b\thttps://www.amazon.co.jp/dp/${A}?k=a,b;c ${B}\t${C}`],
    [
      "an address before it, in a list with only blanks beside another",
      `0012;"https://www.amazon.co.jp/-/en/gp/product/${A}/ref=sr_1_1?keywords=a,b;c&th=1 b0dhro9cu1 ${B}";${C}`,
    ],
    ["a stray quote, in a table without a header", `x\t1\t"${A}\t${B}\t${C}"\ny\t2\t${C}`],
    ["a delimiter too many in its list", `asin|title\n[${A}] B0BHB13KS|E ${B} [${C}]|x`],
    [
      "an address of which a delimiter is a part",
      `sku,title,asin,price\nS-1,Mug,${A} https://,"www.amazon.com/dp/${B},5`,
    ],
    ["the header in its line", `Name|ASIN|SKU '${A} / [${B}]|x\nMug|${C}|1|2`],
    [
      "the end of a value, at which it is cut",
      `asin\n${C}, ="${B}", https://www.amazon.co.jp/-/en/gp/product/xx/dp/${A}/r?k=a,b;c, x`,
    ],
  ])("is named by a rejected row: %s", async (_what, text) => {
    expect(await lostOf(text)).toEqual([]);
  });

  it("is read in brackets and behind the apostrophe of a spreadsheet", async () => {
    for (const cell of [`'${A}`, `[${A}]`, `(${A})`, `\u201c${A}\u201d`, `${A},`, `https://www.amazon.de/dp/${A};`]) {
      expect((await readSmallCatalog(`asin\ttitle\n${cell}\tx`)).asins, cell).toEqual([A]);
      expect((await readSmallCatalog(`x\t${cell}\ny\t${B}`)).asins, cell).toEqual([A, B]);
    }
  });

  it("gets a reason that says how to write it", async () => {
    const { asins, report } = await readSmallCatalog(`sku,asin1,asin2\nS-1,${A},*${B}`);
    expect(asins).toEqual([A]);
    expect(report.rejects).toEqual([
      { line: 2, value: `*${B}`, reason: expect.stringContaining("leave nothing but the ASIN in the cell") },
    ]);
    expect(report.rows).toMatchObject({ total: 2, valid: 1, rejected: 1 });
  });

  it("is noted in a column that is not read", async () => {
    for (const cell of [`"${B}`, `'${B}`, `${B}"`, `https://www.amazon.de/dp/${B}?k=a,b;c ${C}`]) {
      const { report } = await readSmallCatalog(`parent\tasin\n${cell}\t${A}`);
      expect(report.notes.join(" "), cell).toContain(
        `"parent" names other products in 1 row, which are not read: ${B}`,
      );
    }
  });

  it("is no text that only speaks of it, under a header", async () => {
    const { report } = await readSmallCatalog(`asin,title\n${A},Lid for ${B} and ${C}\n${B},x`);
    expect(report).toMatchObject({ rows: { total: 2, rejected: 0 }, notes: [] });
  });
});

describe("columns of further ASINs", () => {
  it.each([
    ["asin,asin2,asin3", `${A},${B},${C}`],
    ["sku,asin1,asin2", `S-1,${A},${B}`],
    ["ASIN 2,ASIN 1", `${B},${A}`],
    ["asin_1,title,asin_2", `${A},Mug,${B}`],
    ["asin2", B],
  ])("%s are read, each ASIN once", async (header, row) => {
    const { asins, report } = await readSmallCatalog(`${header}\n${row}\n`);
    expect(asins.toSorted()).toEqual([A, B, C].filter((asin) => row.includes(asin)));
    expect(report.notes).toEqual([]);
  });

  it("are no products of their own when they repeat the first or say nothing", async () => {
    const { report } = await readSmallCatalog(`asin,asin2,asin3\n${A},${A},\n${B},n/a,-\n`);
    expect(report.rows).toMatchObject({ total: 2, valid: 2, rejected: 0 });
  });

  it("are read from JSON too", async () => {
    expect((await readSmallCatalog(JSON.stringify([{ asin: A, asin2: B }, { asin: C }]))).asins).toEqual([A, B, C]);
  });
});

describe("products in a column that is not read", () => {
  it("are noted with the column, how many rows, the first one and the fix", async () => {
    const rows = `${A},${B}\n${A},${A}\n${B},x\n${C},https://www.amazon.de/dp/${A}`;
    const { asins, report } = await readSmallCatalog(`asin,Parent ASIN\n${rows}\n`);
    expect(new Set(asins)).toEqual(new Set([A, B, C]));
    expect(report.notes).toEqual([
      `The column "Parent ASIN" names other products in 2 rows, which are not read: ${B} at line 2 is the first. To read them, name the column by asin_column, or upload them as rows of their own.`,
    ]);
  });

  it("are noted beside a quoted delimiter, in JSON, and for five columns at most by name", async () => {
    const beside = await readSmallCatalog(`sku;title;asin\n"S-2;";https://www.amazon.de/dp/${A};${B}\n`);
    expect(beside.asins).toEqual([B]);
    expect(beside.report.notes).toEqual([expect.stringContaining(`"title" names other products in 1 row`)]);
    const json = await readSmallCatalog(JSON.stringify([{ asin: A, competitor: B }]));
    expect(json.report.notes).toEqual([expect.stringContaining('"competitor" names other products')]);
    const many = await readSmallCatalog(`asin,a,b,c,d,e,f,g\n${A},${`${B},`.repeat(6)}${C}\n`);
    expect(many.report.notes).toHaveLength(6);
    expect(many.report.notes.at(-1)).toBe("2 more columns name other products that are not read.");
  });

  it("are none where the text only speaks of products, or holds barcodes", async () => {
    const { report } = await readSmallCatalog(
      `asin,title,ean\n${A},For ${B} and others,4006381333931\n${C},see amazon.de,0012345678\n`,
    );
    expect(report.notes).toEqual([]);
  });
});

describe("an address that carries another product's", () => {
  it.each([
    `https://www.amazon.de/dp/${A}?ref=amazon.de/dp/${B}`,
    `https://www.amazon.de/dp/${A}#www.amazon.de/gp/product/${B}`,
    `https://www.amazon.de/dp/${A}?from=https://www.amazon.de/dp/${B}`,
  ])("is read as its own, and the other is noted: %s", async (address) => {
    const { asins, report } = await readSmallCatalog(`url\n${address}\n`);
    if (asins.includes(B)) return;
    expect(asins).toEqual([A]);
    expect(report.notes).toEqual([expect.stringMatching(/the query of an address, names another product.*line 2/)]);
  });

  it.each([
    `https://shop.example/?u=amazon.de/dp/${A}`,
    `see www.amazon.de/dp/${A}`,
    `x=www.amazon.de/dp/${A}&y=amazon.de/dp/${B}`,
    `amazon.de/gp/product/${A}?psc=1;${B};"two`,
    `amazon.de/gp/product/${A}?psc=1;${B.slice(0, 9)};"${B}`,
  ])("is named by a rejected row where it is read as no product: %s", async (cell) => {
    expect(await lostOf(`asin,title\n${cell},x\n${C},y\n`)).toEqual([]);
  });
});

describe("a quote that the very first cell opens", () => {
  it("hides no header", async () => {
    for (const text of [`"asin,sku\n${A},S-1\n${B},S-2\n`, `"asin\n${A}\n${B}\n`, `"asin\tsku\n${A}\tx\n${B}\ty\n`]) {
      const { asins, report } = await readSmallCatalog(text);
      expect(asins, text).toEqual([A, B]);
      expect(report.notes).toEqual([expect.stringMatching(/opens? a quote.*line 1/)]);
    }
  });

  it("is named with its line and the fix where no column is found", async () => {
    await expect(readSmallCatalog(`"Artikel,Name\nmug,x\n`)).rejects.toThrow(
      /Columns found: .*Line 1 opens a quote \("\) that nothing closes there.*remove the quote, or close it/,
    );
    await expect(readSmallCatalog(`Report\n"Artikel,Name\nmug,x\n`)).rejects.toThrow(/Line 2 opens a quote/);
    await expect(readSmallCatalog("Artikel,Name\nmug,x\n")).rejects.not.toThrow(/quote/);
  });
});

describe("a rejected row of very many products", () => {
  it("names them all, fifty a row", async () => {
    const asins = Array.from({ length: 230 }, (_, n) => `B0${String(n).padStart(8, "0")}`);
    for (const text of [
      `asin,title\nmug ${asins.join(" and ")},x\n${C},y\n`,
      JSON.stringify([{ asin: C }, Object.fromEntries(asins.map((asin) => [asin, 1]))]),
    ]) {
      const { report } = await readSmallCatalog(text);
      const words = report.rejects.map(({ value, reason }) => `${value} ${reason}`).join("\n");
      expect(asins.filter((asin) => !words.includes(asin))).toEqual([]);
      expect(Math.max(...report.rejects.map(({ reason }) => reason.length))).toBeLessThan(2_000);
      expect(report.rows).toMatchObject({ valid: 1, rejected: report.rejects.length });
    }
  });
});

it("a delimiter in one text is not taken for the table's, when another makes more rows as long as the first", async () => {
  expect((await readSmallCatalog(`S-2;\t${A}\n12\t${B}; https://www.amazon.com/dp/${C}\n\t${A}\n`)).asins).toEqual([
    A,
    B,
    C,
    A,
  ]);
});

describe("a product that damage put into another column", () => {
  it.each([
    ["a line break inside the row", `sku,asin,asin2\nS-1,\n${A},${B}\nS-2,${C},`],
    ["a line break inside an address", `title,asin\nhttps://www.amazon.\nde/dp/${A},${B}\nx,${C}`],
    ["a missing delimiter", `sku,asin,asin2\nS-1${A},${B}\nS-2,${C},`],
    ["a missing delimiter, in a row without a product", `sku,title,asin\nS-1,Mug${A}\nS-2,x,${C}`],
    ["a missing line end in its address", `asin,title\nhttps://www.amazon.de/dp/${A}?psc=1${B},x\n${C},y`],
    ["a quote before its address", `sku,title,asin\nS-1,http"s://www.amazon.de/dp/${A},${B}\nS-2,x,${C}`],
    ["a quote that nothing closes", `asin,title\n"${A}, ${B}\n${C},x`],
    ["its list parted by the delimiter", `asin;title\n${A}; ${B}\n${C};x`],
  ])("is named by a rejected row: %s", async (_what, text) => {
    expect(await lostOf(text)).toEqual([]);
  });

  it("gets a reason that says where to look", async () => {
    const { asins, report } = await readSmallCatalog(`sku,asin,asin2\nS-1,\n${A},${B}\nS-2,${C},`);
    expect(asins).toEqual([B, C]);
    expect(report.rejects).toContainEqual({
      line: 3,
      value: A,
      reason: expect.stringMatching(/column of other text.*delimiter or a line break too many or too few/),
    });
  });

  it("is none where nothing is damaged, or the column speaks of other products", async () => {
    for (const text of [
      `sku,parent_asin,asin,brand\nS-1,${A},${B}\nS-2,${A},${C},x`,
      `asin,title,brand\n${A},Lid for ${B} and ${C}\n${B},see https://www.amazon.de/dp/${C}\n${C},y,z`,
      `asin,title\n${A},Lid for ${B},\n${B},x,\n${C},y,`,
      `asin,review\n${A},"Great lid.\nsee https://www.amazon.de/dp/${B} too"\n${B},x\n${C},y`,
    ]) {
      expect((await readSmallCatalog(text)).report.rejects, text).toEqual([]);
    }
  });
});
