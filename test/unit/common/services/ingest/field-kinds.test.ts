import { describe, expect, it } from "vitest";
import { readSmallCatalog as read } from "./read-small-catalog.ts";

const A = "B07KNVH9W9";
const B = "B08XB427HF";
const C = "B01M056X1D";

describe("several products in a row", () => {
  it("share its line and other cells, each with its own text in the product's column", async () => {
    const { rows, report } = await read(`sku,asin,title\nS-1,"${A}; ${B}",Cup\n`);
    expect(rows.map(({ line, verdict, cells }) => ({ line, verdict, cells }))).toEqual([
      { line: 2, verdict: "valid", cells: ["S-1", A, "Cup"] },
      { line: 2, verdict: "valid", cells: ["S-1", B, "Cup"] },
    ]);
    expect(report.rows).toMatchObject({ total: 2, valid: 2 });
  });

  it("are read from a list that its own commas tore apart, without moving the other columns", async () => {
    const { rows } = await read(`asin,sku,title\n${A},${B},S-1,Cup\n`);
    expect(rows.map(({ cells }) => cells)).toEqual([
      [A, "S-1", "Cup"],
      [B, "S-1", "Cup"],
    ]);
  });

  it("may be behind the last column, in columns of one name, or anywhere in a table without a header", async () => {
    expect((await read(`title,asin\nCup,${A},${B},${C}\n`)).asins).toEqual([A, B, C]);
    expect((await read(`asin\n${A},${B}\n`)).asins).toEqual([A, B]);
    expect((await read(`asin,title,asin\n${A},Cup,${B}\n`)).asins).toEqual([A, B]);
    expect((await read(`${A},Cup,${B}\n${C},Mug,5\n`)).asins).toEqual([A, B, C]);
  });

  it("are none of the other columns of a header, nor telephone numbers in a table without one", async () => {
    expect((await read(`asin,parent,title\n${A},${B},${C}\n`)).asins).toEqual([A]);
    expect((await read(`${A},4930123456,Cup\n${B},4930123457,Mug\n`)).asins).toEqual([A, B]);
  });

  it("in columns of one name are each read or refused", async () => {
    const { asins, report } = await read(`asin,asin,asin\n${A},${B},B07KNVH9\n`);
    expect(asins).toEqual([A, B]);
    expect(report.rejects).toEqual([{ line: 2, value: "B07KNVH9", reason: expect.stringContaining("8 characters") }]);
  });

  it("are noted when an address beside the ASIN is of another, which is not read", async () => {
    const { asins, report } = await read(
      `asin,url\n${A},https://www.amazon.com/dp/${A}\n${B},https://www.amazon.de/dp/${C}\n`,
    );
    expect(asins).toEqual([A, B]);
    expect(report.notes).toEqual([
      "In 1 row another column, or the query of an address, names another product, which is not read: the first such column counts, first at line 3.",
    ]);
  });

  it("are one when an address names the same", async () => {
    const { rows } = await read(`Cup,https://www.amazon.de/dp/${A},${A}\n`);
    expect(rows.map(({ product_key }) => product_key)).toEqual([`www.amazon.de#${A}`]);
  });

  it("are refused with only blanks between them beside one SKU, and named", async () => {
    const { report } = await read(`asin,sku\n${A} ${B},S-1\n`);
    expect(report.rejects).toEqual([
      {
        line: 2,
        value: `${A} ${B}`,
        reason: expect.stringMatching(/holds 2 ASINs with nothing but blanks .* one SKU/),
      },
    ]);
  });

  it("are refused when too much text would be repeated, and all named: those without room in a reason by further rows", async () => {
    const asins = Array.from({ length: 60 }, (_, i) => `B0${String(i).padStart(8, "0")}`);
    const { report } = await read(`asin,text\n"${asins.join(",")}",${"x".repeat(20_000)}\n`);
    expect(report.rows).toMatchObject({ valid: 0, rejected: 2, total: 2 });
    expect(report.rejects[0]?.reason).toMatch(/60 products beside 20000 characters.*B000000058.* and 1 more, named/);
    expect(report.rejects[1]).toEqual({
      line: 2,
      value: "B000000059",
      reason: "is in the rejected row before this one",
    });
  });

  it("may fill a line of 20,000", async () => {
    const asins = Array.from({ length: 20_000 }, (_, i) => `B0${String(i).padStart(8, "0")}`);
    expect((await read(asins.join(","))).report.rows).toMatchObject({ valid: 20_000, rejected: 0 });
  });
});

describe("a quote", () => {
  it("that is closed on purpose keeps its lines, and its product is not lost", async () => {
    for (const file of [
      `asin,title\n${A},"two\nlines"\n${B},x\n`,
      `title,asin\n"two\nlines",${A}\nx,${B}\n`,
      `asin,title,note\n${A},Cup,"one\n${C}\ntwo"\n${B},Mug,\n`,
    ]) {
      const { asins, report } = await read(file);
      expect(asins).toEqual([A, B]);
      expect(report.notes).toEqual([]);
    }
  });

  it("that closes by accident, lines below, hides no row", async () => {
    const { rows, report } = await read(`title\tasin\n"Blue mug\t${A}\nplate 12"\t${B}\nx\t${C}\n`);
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, '"Blue mug', A],
      [3, 'plate 12"', B],
      [4, "x", C],
    ]);
    expect(report.notes).toEqual([expect.stringMatching(/^1 row opens a quote .* line 2\./)]);
  });

  it("that swallows the next columns of its own line hides no product", async () => {
    const { asins } = await read(`title\tasin\tnote\tsku\n"mug\t${A}\tcup 12"\tS\nx\t${B}\ty\tT\n`);
    expect(asins).toEqual([A, B]);
  });

  it("that is never closed is text, also over a megabyte of rows", async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `B0${String(i).padStart(8, "0")},cup number ${i}`);
    const { report } = await read(`asin,title\n${A},"mug\n${rows.join("\n")}\n`);
    expect(report.rows).toMatchObject({ valid: 60_001, rejected: 0 });
    expect((await read(`asin,title\n${A},x\n${B},"open`)).rows[1]?.cells).toEqual([B, '"open']);
  });
});

describe("the header", () => {
  it.each(["asin1", "(Child) ASIN", "ASIN/ISBN", "product url", "affiliate_url", "Link", "\u200easin\u200f"])(
    "may name the products %j",
    async (name) => {
      expect((await read(`title,${name}\nCup,https://www.amazon.com/dp/${A}\n`)).asins).toEqual([A]);
    },
  );

  it("may call them product-id beside a product-id-type", async () => {
    expect((await read(`sku\tproduct-id\tproduct-id-type\nS\t${A}\t1\n`)).asins).toEqual([A]);
    await expect(read(`sku\tproduct-id\nS\t17\n`)).rejects.toThrow(/No column names the products/);
  });

  it("may be any that the user names", async () => {
    const columns = { asin: "Artikel", marketplace: "Laden", sku: "Nr." };
    const { rows } = await read(`Nr.;Artikel;Laden\nS-1;${A};DE\n`, { columns });
    expect(rows[0]).toMatchObject({ product_key: `www.amazon.de#${A}` });
    await expect(read(`asin,x\n${A},1\n`, { columns })).rejects.toThrow(/No column is named "Artikel".*"asin", "x"/);
    expect((await read(`{"Artikel": "${A}", "Laden": "DE", "Nr.": 1}`, { columns })).asins).toEqual([A]);
    expect((await read(`x,Seite\n1,amazon.de/dp/${A}\n`, { columns: { url: "seite" } })).asins).toEqual([A]);
  });

  it("is found in the first ten records, and rows above it stay rows", async () => {
    const nine = "Report\n".repeat(9);
    expect((await read(`${nine}asin,title\n${A},Cup\n`)).rows[0]).toMatchObject({ line: 11 });
    await expect(read(`${nine}Report\nasin,title\n${A},Cup\n`)).rejects.toThrow(/No column names the products/);
    expect((await read(`${A},Cup\nasin,title\n${B},Mug\n`)).asins).toEqual([A, B]);
    const { report, asins } = await read(`Parent,${A}\nasin,title\n${B},Mug\n`);
    expect(asins).toEqual([B]);
    expect(report.rejects).toEqual([
      { line: 1, value: "Parent", reason: expect.stringMatching(new RegExp(`above the header.*put it below.*${A}`)) },
    ]);
  });

  it("is no row with an ASIN, whatever words are in it", async () => {
    expect((await read(`${A},Link\n${B},Zelda\n`)).asins).toEqual([A, B]);
  });
});

describe("a cell", () => {
  it.each(["N/A", "-", "none", "null", "\u200b"])(
    "with %j is empty, so that the address beside it counts",
    async (cell) => {
      expect((await read(`asin,url\n${cell},https://www.amazon.com/dp/${A}\n`)).asins).toEqual([A]);
    },
  );

  it('with ="…" is the number in it', async () => {
    const { rows } = await read('asin,sku\n="0439023483",="0012"\n"=""0439023491""",\n');
    expect(rows.map(({ product_key }) => product_key)).toEqual([
      "www.amazon.com#0439023483",
      "www.amazon.com#0439023491",
    ]);
  });

  it.each([
    ["locale", "de_DE", "www.amazon.de"],
    ["Country", "DE", "www.amazon.de"],
    ["domain", "amazon.co.uk", "www.amazon.co.uk"],
    ["domain", "com", "www.amazon.com"],
    ["marketplace-id", "A1PA6795UKMFR9", "www.amazon.de"],
  ])("in a column %s that says %s is a shop, and the report says so", async (column, text, shop) => {
    const { rows, report } = await read(`asin,${column}\n${A},${text}\n${B},elsewhere\n`);
    expect(rows.map(({ product_key }) => product_key)).toEqual([`${shop}#${A}`, `www.amazon.com#${B}`]);
    expect(report.notes).toEqual([`The column "${column}" named the shop of 1 product.`]);
  });
});

describe("a rejected row names its product", () => {
  it.each([
    ["when its SKU is too long", `asin,sku\n${A},${"x".repeat(201)}\n`],
    ["when its shop is not served", `asin,marketplace\n${A},mars\n`],
    ["when its value is cut", `asin\n${"word ".repeat(30)}${A}\n`],
    ["when its ASIN is wrong and its address right", `asin,url\nB07KNVH9W,https://www.amazon.com/dp/${A}\n`],
    ["when a comma in a title has moved it", `title,asin,sku\nTea, green,${A},S-1\n`],
    ["when a cell before it is missing", `sku,asin,title\n${A},Tea\n`],
    ["when its own cell is empty", `asin,note\n,was ${A}\n`],
    ["when it is no JSON", `{"asin":"${B}"}\n{"title":"${"x".repeat(120)}","asin":"${A}"\n`],
  ])("%s", async (_, file) => {
    const { report, asins } = await read(file);
    expect(asins).not.toContain(A);
    expect(report.rejects).toHaveLength(1);
    expect(report.rejects[0]?.reason).toContain(A);
  });
});

describe("the encoding of a file", () => {
  const WESTERN = Buffer.from(`asin,title\n${A},Tür\n`, "latin1");

  it("is guessed, and the report says so, wherever the first letter is that shows it", async () => {
    const far = Buffer.concat([
      Buffer.from(`asin,title\n${`${B},cup\n`.repeat(20_000)}`),
      Buffer.from(`${A},Tür\n`, "latin1"),
    ]);
    for (const file of [WESTERN, far]) {
      const { rows, report } = await read(file);
      expect(rows.at(-1)?.cells).toEqual([A, "Tür"]);
      expect(report.notes).toEqual([expect.stringMatching(/not UTF-8.* read as Windows-1252/)]);
    }
  });

  it("is what the user says, and a file that has others is refused", async () => {
    expect((await read(WESTERN, { encoding: "windows-1252" })).report.notes).toEqual([]);
    await expect(read(WESTERN, { encoding: "utf-8" })).rejects.toThrow(/not UTF-8 text: line 2/);
    await expect(read(WESTERN, { encoding: "shift_jis" })).rejects.toThrow(/not Shift-JIS text: line/);
  });

  it("is no guess once UTF-8 was read: the file is refused with the line", async () => {
    const mixed = Buffer.concat([Buffer.from(`asin,title\n${A},Tür\n${"x".repeat(70_000)}\n`), WESTERN]);
    await expect(read(mixed)).rejects.toThrow(/not UTF-8 text: line 5/);
  });
});
