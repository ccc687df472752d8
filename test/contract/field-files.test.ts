import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CatalogFileRowSchema } from "../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { enrichmentCells } from "../../lambdas/common/core/exports/enrichment-cells.ts";
import { rowWriter } from "../../lambdas/common/core/exports/row-writer.ts";
import { ingestCatalog } from "../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../helpers/memory/memory-sink.ts";
import { fixtureText, haveFixtures } from "../helpers/shared-fixtures.ts";
import { catalogInput } from "../helpers/uploads/catalog-input.ts";

const FOLDER = "field";

const read = async (content: string | Uint8Array, contentType?: string) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput(content, { contentType }), sink);
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  return { report, rows, keys: rows.map(({ product_key }) => product_key) };
};

const textOf = (file: string): string => fixtureText(FOLDER, file);

const numbered = (shop: string, ...numbers: number[]): string[] =>
  numbers.map((number) => `www.amazon.${shop}#B0FIELD00${number}`);
const FIVE = numbered("com", 1, 2, 3, 4, 5);

describe.skipIf(!haveFixtures(FOLDER))("a file met in the field", () => {
  it.each([",", ", ", ";", "\t", "|", " ", " | ", "\n"])(
    "01: names five products on one line, with %j between",
    async (by) => {
      const line = textOf("01-many-asins-on-one-line.csv").trim().replaceAll(",", by);
      const addresses = line.replaceAll("B0", "https://www.amazon.com/dp/B0");
      for (const list of [line, addresses]) {
        for (const file of [list, `asin\n"${list}"`, `asin,title\n"${list}",All of them`]) {
          const { keys, rows, report } = await read(file);
          expect(keys).toEqual(FIVE);
          expect(report.rows).toMatchObject({ total: 5, valid: 5, rejected: 0 });
          if (by !== "\n") expect(new Set(rows.map((row) => row.line)).size).toBe(1);
        }
      }
    },
  );

  it("02: has quotes that nothing closes in a tab report, and in a comma file", async () => {
    const tab = textOf("02-tab-report-unclosed-quotes.csv");
    for (const file of [tab, tab.replaceAll("\t", ",")]) {
      const { keys, rows, report } = await read(file);
      expect(keys).toEqual(FIVE);
      expect(rows.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
      expect(rows[0]?.cells[0]).toBe('"Blue mug');
      expect(report.notes).toEqual([expect.stringMatching(/^2 rows open quotes .* line 2\./)]);
    }
  });

  it("04: has a title above its header", async () => {
    const { keys, rows, report } = await read(textOf("04-title-line-above-header.csv"));
    expect(keys).toEqual(numbered("com", 1, 2));
    expect(rows.map(({ line }) => line)).toEqual([3, 4]);
    expect(rows[0]?.cells[1]).toBe("Tea, green");
    expect(report.columns).toHaveLength(5);
    expect(report.notes).toEqual([expect.stringMatching(/^1 line is above the header .* line 1\.$/)]);
  });

  it("05: has invisible marks around its ASINs", async () => {
    expect((await read(textOf("05-invisible-direction-marks.csv"))).keys).toEqual(numbered("com", 1, 2, 3));
  });

  it("06 and 07: has addresses of every form", async () => {
    expect((await read(textOf("06-dp-product-address.csv"))).keys).toEqual([
      ...numbered("it", 1),
      ...numbered("com", 2, 3),
    ]);
    const other = await read(textOf("07-other-product-addresses.csv"));
    expect(other.keys).toEqual([
      ...numbered("co.uk", 1),
      ...numbered("com", 2),
      "www.amazon.com#0596515170",
      ...numbered("com", 3),
      ...numbered("it", 4),
      ...numbered("de", 5),
      ...numbered("com", 1),
    ]);
    expect(other.report.rows).toMatchObject({ valid: 7, rejected: 0 });
  });

  it("14: comes back from an export as it was", async () => {
    const first = await read(textOf("14-export-read-back.csv"));
    const writer = rowWriter("csv", first.report.columns, 4);
    const file =
      writer.head +
      first.rows.map((row) => writer.line(row.cells, enrichmentCells(row, undefined, undefined))).join("");

    const second = await read(file);

    expect(file).toContain("B0FIELD001,-12,-5.00,'+49 30 1234,");
    expect(file).toContain("B0FIELD002,'=B2,-1250.5,+1,");
    expect(second.rows.map(({ cells }) => cells.slice(0, 4))).toEqual(first.rows.map(({ cells }) => cells));
    expect(second.keys).toEqual(first.keys);
  });

  it("15: is a document without products that we know", async () => {
    const { body } = z.object({ body: z.unknown() }).parse(JSON.parse(textOf("15-envelope-with-another-name.json")));
    for (const type of ["application/json", "application/octet-stream", undefined]) {
      await expect(read(JSON.stringify(body), type)).rejects.toThrow(/no list of products.*"products".*"asins"/);
    }
  });
});
