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
