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
