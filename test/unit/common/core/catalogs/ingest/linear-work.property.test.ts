import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAddress, readAddress } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/amazon-address.ts";
import { isAttempt, isNearlyAsin } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/asin-attempt.ts";
import { readAsinCell } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/asin-cell.ts";
import {
  isBlankCell,
  isPlaceholder,
  trimCell,
  unwrapFormula,
} from "../../../../../../lambdas/common/core/catalogs/ingest/cells/cell-text.ts";
import { explainBadAsin } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/explain-bad-asin.ts";
import { isbn10Of, isbnOfNumber, isIsbn10 } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/isbn.ts";
import { asinsNamed, nameAsins } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/name-asins.ts";
import {
  asinsIn,
  mayName,
  namesIn,
  readProductCell,
} from "../../../../../../lambdas/common/core/catalogs/ingest/cells/product-cell.ts";
import { shopNamed } from "../../../../../../lambdas/common/core/catalogs/ingest/cells/shop-name.ts";
import { layoutOf, plainName } from "../../../../../../lambdas/common/core/catalogs/ingest/columns/row-layout.ts";
import {
  isHeader,
  looksLikeRow,
  readTableHead,
} from "../../../../../../lambdas/common/core/catalogs/ingest/columns/table-head.ts";
import { claimedFormat } from "../../../../../../lambdas/common/core/catalogs/ingest/formats/catalog-format.ts";
import { sniffDialect } from "../../../../../../lambdas/common/core/catalogs/ingest/formats/csv-dialect.ts";
import { splitLine } from "../../../../../../lambdas/common/core/catalogs/ingest/formats/csv-line-cells.ts";
import { parseJsonItem, plainJson } from "../../../../../../lambdas/common/core/catalogs/ingest/formats/json-item.ts";
import { encodingNamed } from "../../../../../../lambdas/common/core/catalogs/ingest/formats/text-encoding.ts";
import { ValidationError } from "../../../../../../lambdas/common/core/errors.ts";
import { CHARACTER_CLASSES, LONG_TEXTS, ofLength, PatternWatch } from "../../../../../helpers/costly-patterns.ts";
import { testRuns } from "../../../../../helpers/test-runs.ts";
import { readSmallCatalog } from "../../../services/ingest/read-small-catalog.ts";

/** Longer texts than a cell for one product are met by linear patterns only. */
const watch = new PatternWatch(2_000);
beforeEach(() => watch.start());
afterEach(() => watch.stop());

/** What a parser of cells meets besides: parts of ASINs, addresses and formulas that never come to their end. */
const PARTS = [
  "B0",
  "B000000001",
  "amazon.",
  "https://",
  "/dp/",
  "%2F",
  '="',
  "978",
  "www.amazon.com/dp/",
  "ASIN ",
  "-01",
  "e+",
];
/** What a pattern costs is judged by its automaton, so that a text must only be long enough to be watched. */
const WATCHED_CHARS = 3_000;
const fragments = PARTS.flatMap((part) => [ofLength(part, WATCHED_CHARS), `${part}${ofLength("0", WATCHED_CHARS)}!`]);
/** These read a text several times, word by word, and take a second for 100 kB of single characters. */
const THOROUGH = new Set(["sniffDialect", "looksLikeRow", "readProductCell", "explainBadAsin", "asinsIn", "namesIn"]);
const shortened = LONG_TEXTS.map((text) => text.slice(0, testRuns(WATCHED_CHARS)));

/** A parser that may refuse what it is given. */
const refusing =
  (parse: (text: string) => unknown) =>
  (text: string): unknown => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof ValidationError) return error;
      throw error;
    }
  };

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  ...{ isAddress, readAddress, isAttempt, isNearlyAsin, isBlankCell, isPlaceholder, trimCell, unwrapFormula },
  ...{ explainBadAsin, isIsbn10, isbn10Of, isbnOfNumber, asinsNamed, asinsIn, mayName, namesIn, shopNamed, plainName },
  encodingNamed,
  plainJson: (text) => plainJson(`\\${text}`),
  claimedFormat: refusing(claimedFormat),
  readAsinCell: (text) => readAsinCell(text, true),
  readProductCell: (text) => readProductCell(text, true),
  nameAsins: (text) => nameAsins("is no ASIN", text, text, [text]),
  layoutOf: (text) => layoutOf([text, "asin"]),
  isHeader: (text) => isHeader([text, text]),
  looksLikeRow: (text) => looksLikeRow([text]),
  readTableHead: refusing((text) => readTableHead([text])),
  sniffDialect: (text) => sniffDialect(text),
  splitLine: (text) => splitLine(`"${text}`, ","),
  parseJsonItem: (text) => parseJsonItem(JSON.stringify({ asin: text, title: text })),
};

describe("100 kB of any class of characters", () => {
  it.each(Object.entries(PARSERS))("cost %s of ingest steps in proportion to their length", (name, parse) => {
    for (const text of [...(THOROUGH.has(name) ? shortened : LONG_TEXTS), ...fragments]) parse(text);
    expect(watch.costly).toEqual([]);
  });

  it.each(CHARACTER_CLASSES.map((part) => ({ part, long: ofLength(part, testRuns(WATCHED_CHARS)) })))(
    "cost a file no more, wherever they stand in it: $part",
    async ({ long }) => {
      const files = [
        long,
        `asin,title\nB000000001,${long}\nB000000002,x\n`,
        `title,asin\n"${long}",B000000001\nx,${long}\n`,
        `${long},asin\nx,B000000001\n`,
        JSON.stringify([{ asin: "B000000001", title: long }, { asin: long }, { [long]: "B000000002" }]),
        `${JSON.stringify({ asin: "B000000001", title: long })}\n${JSON.stringify({ asin: long })}\n`,
      ];
      for (const file of files) {
        await readSmallCatalog(file).catch((error: unknown) => {
          if (!(error instanceof ValidationError)) throw error;
        });
      }
      expect(watch.costly).toEqual([]);
    },
  );
});
