import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvScanner } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/csv-scanner.ts";
import { testSeed } from "../../../../../../helpers/test-seed.ts";

const SEED = testSeed("csv scanner", 20_261_129);

const scan = (text: string, delimiter: string, size: number, hides = (): boolean => false) => {
  const scanner = new CsvScanner(delimiter, hides);
  const records: { cells: string[]; line: number; isRepaired: boolean }[] = [];
  const drain = (isLast: boolean): void => {
    for (let record = scanner.next(isLast); record; record = scanner.next(isLast)) records.push(record);
  };
  for (let at = 0; at < text.length; at += size) {
    scanner.add(text.slice(at, at + size));
    drain(false);
  }
  drain(true);
  return records;
};

const cell = fc
  .array(fc.constantFrom("a", "B", "1", " ", '"', ",", ";", "\t", "\n", "\r\n", "\r", "ü", "🎁"), { maxLength: 6 })
  .map((parts) => parts.join(""));
const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });

describe("records", () => {
  it("are those of csv-parse for text by RFC 4180, however it is cut", () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.integer({ min: 1, max: 9 }),
        (table, delimiter, end, size) => {
          const quoted = (text: string): string =>
            /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
          const text = table.map((cells) => cells.map(quoted).join(delimiter) + end).join("");
          const expected: string[][] = parse(text, {
            delimiter,
            record_delimiter: ["\n", "\r\n", "\r"],
            relax_column_count: true,
            relax_quotes: true,
          });
          const records = scan(text, delimiter, size);
          expect(records.map(({ cells }) => cells)).toEqual(expected);
          expect(expected).toEqual(table);
          let line = 1;
          for (const [index, record] of records.entries()) {
            expect(record).toMatchObject({ line, isRepaired: false });
            line += 1 + (table[index] ?? []).reduce((sum, one) => sum + (one.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
          }
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("hold every character of text of any kind, whatever its quotes", () => {
    fc.assert(
      fc.property(
        fc.array(cell, { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (parts, size, hides) => {
          const text = parts.join(",");
          const letters = (one: string): string => one.replace(/[",\r\n]/g, "");
          const records = scan(text, ",", size, () => hides);
          expect(letters(records.map(({ cells }) => cells.join("")).join(""))).toBe(letters(text));
          expect(records).toEqual(scan(text, ",", 1000, () => hides));
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each([
    [
      'a,"b\nc,d',
      [
        ["a", '"b'],
        ["c", "d"],
      ],
    ],
    [
      'a,"b\nc,"d\n',
      [
        ["a", '"b'],
        ["c", '"d'],
      ],
    ],
    [
      'a,"b "c", d"\ne,f',
      [
        ["a", '"b "c"', ' d"'],
        ["e", "f"],
      ],
    ],
    [
      'a,12" x 3"\n"12" x 3",b',
      [
        ["a", '12" x 3"'],
        ['"12" x 3"', "b"],
      ],
    ],
    ['a,"b""\nc",d\n', [["a", 'b"\nc', "d"]]],
  ])("of %j are %j", (text, expected) => {
    expect(scan(text, ",", 3).map(({ cells }) => cells)).toEqual(expected);
  });

  it("end with their first line when a quote in it hides rows", () => {
    expect(scan('"a\nb"\nc', ",", 1, () => true)).toEqual([
      { cells: ['"a'], line: 1, isRepaired: true },
      { cells: ['b"'], line: 2, isRepaired: false },
      { cells: ["c"], line: 3, isRepaired: false },
    ]);
  });
});
