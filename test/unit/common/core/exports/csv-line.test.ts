import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  BYTE_ORDER_MARK,
  csvLine,
  safeCell,
  unguardedCell,
} from "../../../../../lambdas/common/core/exports/csv-line.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("csv line", 20_261_123);

/** Text with the characters that break CSV files and spreadsheets much more often than by chance. */
const cell = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom(
        "=",
        "+",
        "-",
        "@",
        "＝",
        "＋",
        "－",
        "＠",
        "\t",
        "\r",
        "\n",
        '"',
        "'",
        ",",
        ";",
        " ",
        "\uFEFF",
        "ü",
        "1",
        "x",
        "\0",
      ),
      {
        maxLength: 8,
      },
    )
    .map((characters) => characters.join("")),
);

it.each([
  "=1+1",
  "+49 30",
  "-5+2",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "＝1+1",
  "＋1",
  "－1",
  "＠SUM(A1)",
  "-",
  "+1-2",
  "'=1",
  "''-x",
])("makes %j harmless", (text) => {
  expect(safeCell(text)).toBe(`'${text}`);
});

it.each(["", "5", "a=b", "'a", "'-5", "B07CXG6C9W", " x", "-5", "-5.00", "+1", "-1250.5", "-1,250.50", "+.5"])(
  "leaves %j alone",
  (text) => {
    expect(safeCell(text)).toBe(text);
  },
);

it("quotes what a reader could split or trim, and ends with CRLF", () => {
  expect(csvLine(["a", 'say "hi"', "x,y", "p;=1", "l\nm", " pad", ""])).toBe(
    'a,"say ""hi""","x,y","p;=1","l\nm"," pad",\r\n',
  );
});

it("every cell comes back as it was, or with an apostrophe in front when it would be a formula", () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 6 })
        .chain((width) =>
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
        ),
      (rows) => {
        // The writer always adds cells of its own, so a record is never one empty cell, which no reader can tell from none.
        const text = BYTE_ORDER_MARK + rows.map((row) => csvLine([...row, "end"])).join("");
        const parsed: string[][] = parse(Buffer.from(text), { bom: true, record_delimiter: "\r\n" });
        expect(parsed).toHaveLength(rows.length);
        parsed.forEach((record, index) => {
          const row = rows[index] ?? [];
          expect(record).toHaveLength(row.length + 1);
          row.forEach((original, column) => {
            const read = record[column] ?? "";
            expect([original, `'${original}`]).toContain(read);
            if (!/^[+-][\d.,]*\d[\d.,]*$/.test(read)) expect(read).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
            expect(unguardedCell(safeCell(original))).toBe(original);
          });
        });
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
});
