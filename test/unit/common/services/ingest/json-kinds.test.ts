import { describe, expect, it } from "vitest";
import { CatalogFileRowSchema } from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { UPLOAD_LIMITS } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import type { IngestOptions } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-options.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { catalogInput } from "../../../../helpers/catalog-input.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";

const A = "B07KNVH9W9";
const B = "B08XB427HF";
const C = "B01M056X1D";

const read = async (content: string | Uint8Array, options: IngestOptions = {}, limits = UPLOAD_LIMITS) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput(content, { limits }), sink, options);
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  return { report, rows, asins: rows.flatMap(({ product_key }) => product_key?.split("#")[1] ?? []) };
};

describe("a JSON catalog", () => {
  it("refuses an object with a key of its product twice, and names both", async () => {
    const { report, asins } = await read(`{"asin":"${A}","asin":"${B}"}\n{"url":"x","a:":":\\":","asin":"${C}"}\n`);
    expect(asins).toEqual([C]);
    expect(report.rejects).toEqual([
      {
        line: 1,
        value: expect.stringContaining(A),
        reason: expect.stringMatching(/has the key "asin" more than once/),
      },
    ]);
    const cut = await read(`[{"note":"${"x".repeat(120)}","asin":"${A}","\\u0061sin":"${B}"},"${C}"]`);
    expect(cut.report.rejects[0]?.reason).toMatch(new RegExp(`names ${A}, ${B}\\)$`));
  });

  it("keeps a product with another key twice, and says so", async () => {
    const { asins, report } = await read(`[{"asin":"${A}","title":"x","title":"y"},{"asin":"${B}","t":{"t":{"t":1}}}]`);
    expect(asins).toEqual([A, B]);
    expect(report.notes).toEqual([
      'A key such as "title" is there more than once in 1 product; its last value counts.',
    ]);
  });

  it.each([true, false])(
    "reports products in lists that are not read, by line; before the products: %s",
    async (first) => {
      const more = `"more": [\n{"asin": "${B}"}, {"price": 5},\n"amazon.de/dp/${C}", 1700000000, "total"]`;
      const list = `"products": ["${A}"]`;
      const { asins, report } = await read(`{\n${first ? `${more},\n${list}` : `${list},\n${more}`}}`);
      const line = first ? 2 : 3;
      expect(asins).toEqual([A]);
      expect(report.rows).toMatchObject({ total: 3, valid: 1, rejected: 2 });
      expect(report.rejects).toEqual([
        { line: line + 1, value: `{"asin": "${B}"}`, reason: expect.stringMatching(/^is in the list "more", which/) },
        { line: line + 2, value: `"amazon.de/dp/${C}"`, reason: expect.stringMatching(/^is in the list "more"/) },
      ]);
    },
  );

  it("notes ASINs in other values of the document", async () => {
    const keys = Array.from({ length: 7 }, (_, index) => `"k${index}":{"asin":"${index === 0 ? C : B}"}`);
    const { report } = await read(`{"total":1700000000,${keys.join(",")},"products":["${A}"]}`);
    expect(report.rows).toMatchObject({ total: 1, valid: 1 });
    expect(report.notes).toEqual([
      expect.stringMatching(
        new RegExp(`^Not read, .*: "k0" \\(line 1\\), .*"k4" \\(line 1\\) and 2 more \\(${C}, ${B}\\)`),
      ),
    ]);
  });

  it("says which keys it wants when there is none, and names what other keys hold", async () => {
    const { report } = await read(`[{"code":"${A}","phone":"4930123456"}]`);
    expect(report.rejects[0]?.reason).toMatch(new RegExp(`no ASIN.*asin_column.*names ${A}\\)$`));
    await expect(read(`[{"code":"${A}"}]`, { columns: { asin: "kode" } })).rejects.toThrow(
      /No column is named "kode"\. Columns found: "code"/,
    );
  });
});
