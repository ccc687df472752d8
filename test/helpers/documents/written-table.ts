import fc from "fast-check";

/** One product as it was written into a table. */
export interface WrittenProduct {
  /** Upper case; for one with a slip, the text itself. */
  readonly asin: string;
  readonly isGood: boolean;
  /** Whether it is where no product is looked for, in the query of an address or in another column: then a note may say so. */
  readonly isBeside?: boolean;
  /** Lines that its record takes, first and last. */
  readonly lines: readonly [first: number, last: number];
}

/** A table as a program or a person may have written it. */
export interface WrittenTable {
  readonly text: string;
  readonly products: readonly WrittenProduct[];
  /** Encodings that hold all of its characters. */
  readonly letters: "ascii" | "western" | "japanese" | "any";
  readonly chunk: number;
}

const BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const asin = fc.string({ unit: fc.constantFrom(...BASE36), minLength: 8, maxLength: 8 }).map((rest) => `B0${rest}`);
/** Of ten digits with a right check digit: of others only the column says that they are no telephone numbers. */
const isbn = fc.stringMatching(/^\d{9}$/).map((nine) => {
  const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return `${nine}${check === 10 ? "X" : check}`;
});
const unseen = fc.constantFrom("", "", "", "\u200e", "\u200f", "\u200b", "\ufeff", "\u202a", "\u00a0", " ", "\u2066 ");

const ADDRESSES: readonly ((asin: string) => string)[] = [
  (one) => `https://www.amazon.com/dp/${one}`,
  (one) => `amazon.de/gp/product/${one}?psc=1`,
  (one) => `https://www.amazon.it/Tazza-blu/dp/product/${one}/ref=x`,
  (one) => `https://www.amazon.co.uk/d/Gel/Hair/${one}`,
  (one) => `http://www.amazon.com/exec/obidos/ASIN/${one}/ref=nosim/x-20`,
  (one) => `https://www.amazon.fr/sspa/click?url=%2Fx%2Fdp%2F${one}%2Fref%3Dy`,
  (one) => `https://amzn.com/${one}`,
];
/** What the query of an address carries. */
const CARRIED = "B0QUERY001";
/** What people and spreadsheets put around an ASIN. */
const GUARDS: readonly ((asin: string) => string)[] = [
  (one) => `'${one}`,
  (one) => `[${one}]`,
  (one) => `(${one})`,
  (one) => `\u201c${one}\u201d`,
];
/** How a product is written in its cell. */
const form = (letters: WrittenTable["letters"]) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...GUARDS.slice(0, letters === "any" ? 4 : 3)) },
    { weight: 4, arbitrary: fc.constant((one: string) => one) },
    { weight: 1, arbitrary: fc.constant((one: string) => one.toLowerCase()) },
    { weight: 2, arbitrary: fc.constantFrom(...ADDRESSES) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        (one: string) => `https://www.amazon.de/dp/${one}?ref=amazon.de/dp/${CARRIED}`,
        (one: string) => `https://www.amazon.de/dp/${one}#www.amazon.com/gp/product/${CARRIED}`,
      ),
    },
  );

interface Product {
  readonly asin: string;
  readonly text: string;
  readonly isGood: boolean;
}

const goodProduct = (letters: WrittenTable["letters"], withUnseen = letters === "any"): fc.Arbitrary<Product> =>
  fc
    .record({
      one: fc.oneof({ weight: 4, arbitrary: asin }, { weight: 1, arbitrary: isbn }),
      write: form(letters),
      before: unseen,
      after: unseen,
    })
    .map(({ one, write, before, after }) => ({
      asin: one,
      text: withUnseen ? before + write(one) + after : write(one),
      isGood: true,
    }));
/** One letter was lost. */
const badProduct: fc.Arbitrary<Product> = asin.map((one) => ({
  asin: one.slice(0, 9),
  text: one.slice(0, 9),
  isGood: false,
}));

const WORDS = [
  "Blue mug",
  "plate",
  '12" ruler',
  "Tea, green",
  "knife; fork",
  "red|white",
  "(new)",
  "spoon",
  "N/A",
  "-5.00",
];
const LETTERS = {
  ascii: ["cup"],
  western: ["Größe", "Café crème", "Niño"],
  japanese: ["みどりのカップ", "お茶", "ｶｯﾌﾟ カップ"],
  any: ["Größe", "みどり", "🎁", "чай", "＝1+1"],
} as const;

const title = (letters: WrittenTable["letters"], quotes: boolean): fc.Arbitrary<string> => {
  const word = fc.constantFrom(...WORDS, ...LETTERS[letters]);
  const plain = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => words.join(" "));
  if (!quotes) return plain;
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 1, arbitrary: plain.map((text) => `"${text}`) },
    { weight: 1, arbitrary: plain.map((text) => `${text}"`) },
    { weight: 1, arbitrary: plain.map((text) => `"${text}" x`) },
    { weight: 1, arbitrary: plain.map((text) => `two\n${text}\nlines`) },
  );
};

/** How cells are written: every cell by RFC 4180, as it is, or in quotes whose inner ones are not doubled. */
type Style = "rfc" | "plain" | "sloppy";

interface Row {
  readonly products: readonly Product[];
  readonly between: string;
  readonly title: string;
  readonly sku: string;
  /** Products of the columns `asin2` and `asin3`. */
  readonly further: readonly Product[];
  /** A product whose address is in the column of the title, where none is read. */
  readonly beside: Product | undefined;
  readonly fault: "none" | "short" | "cut" | "open" | "long" | "moved" | "blank-before" | "garbage-before";
}

const cellText = (text: string, style: Style, delimiter: string): string => {
  if (style === "rfc") {
    const needs = text.includes(delimiter) || /["\r\n]/.test(text);
    return needs ? `"${text.replaceAll('"', '""')}"` : text;
  }
  const line = text.replaceAll("\n", " ");
  return style === "sloppy" && line.includes(delimiter) ? `"${line}"` : line.replaceAll(delimiter, " ");
};

/** Cells in the order of the columns, each with its product kept in one cell. */
const recordOf = (row: Row, layout: readonly string[], style: Style, delimiter: string): string => {
  // Nothing parts addresses only, of which each says where it begins.
  const isGlued = row.between === "" && row.products.every(({ text }) => text.startsWith("http"));
  const list = row.products.map(({ text }) => text).join(row.between === "" && !isGlued ? ", " : row.between);
  // A torn list in a row that is short fills columns of other names, and what merely looks like an ASIN there is none.
  const isTorn = style !== "rfc" && list.includes(delimiter);
  // Beside a torn list two quotes would make one proper cell of two, and the row as long as it should be.
  const whole = isTorn ? row.sku.replaceAll('"', "") : row.sku;
  // A first cell that ends in a quote makes one record with a row above that opens one where its product is not in its
  // place: what is read of both has the line of that row. So does a lone quote.
  const sku = layout[0] === "sku" ? whole.replace(/"$/, "") : whole;
  const cells = layout.map((column) => {
    // A list whose parts are parted by the delimiter itself, without quotes, is meant to be torn apart.
    // A quote before the product that nothing closes.
    if (column === "asin" && row.fault === "open" && style !== "rfc" && row.products.length === 1) return `"${list}`;
    if (column === "asin") return style === "rfc" ? cellText(list, style, delimiter) : list.replaceAll("\n", " ");
    const [, number] = /^asin[ _]?([23])$/.exec(column) ?? [];
    if (number) return cellText(row.further[Number(number) - 2]?.text ?? "", style, delimiter);
    if (column === "title" && row.beside) return cellText(row.beside.text, style, delimiter);
    return cellText(column === "title" ? row.title : sku, style, delimiter);
  });
  if (row.fault === "short" && !isTorn) cells.splice(layout.indexOf("asin") + 1);
  if (row.fault === "cut" && !isTorn && layout.at(-1) !== "asin") cells.pop();
  // Its first cell is missing, so that the product is in the place of another column.
  if (row.fault === "moved" && !isTorn && layout[0] !== "asin") {
    cells.shift();
    if (cells[0] === '"') cells[0] = "";
  }
  if (row.fault === "long") cells.push("see note", "19.99");
  return cells.join(delimiter);
};

const TITLES_ABOVE = [
  "Fee report 11-01-2026",
  "Report",
  '"Report of the month',
  "Shops: all",
  "20261101",
  "a,b;c",
  "Report for ASIN: B0REPORT01",
  "#B0REPORT02,old",
];

const LAYOUTS = [
  ["asin"],
  ["asin", "title"],
  ["title", "asin"],
  ["asin", "sku", "title"],
  ["sku", "title", "asin"],
  ["asin", "title", "sku", "note"],
  ["asin", "asin2", "title"],
  ["sku", "asin", "asin 2", "asin3"],
];
/** Columns of further ASINs belong to one of these names. */
const NUMBERED_HEADERS = ["asin", "ASIN", "asin1"];
const HEADERS = ["asin", "ASIN", "\u200eAsin ", "(Child) ASIN", "asin1", "ASIN/ISBN", "Product URL"];

/** Tables of all kinds, with everything that was met in files from the field. */
export const writtenTable: fc.Arbitrary<WrittenTable> = fc
  .record({
    letters: fc.constantFrom<WrittenTable["letters"]>("ascii", "western", "japanese", "any"),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    style: fc.constantFrom<Style>("rfc", "plain", "sloppy"),
    layout: fc.constantFrom(...LAYOUTS),
    /** Whether the quote of the first column's name is never closed. */
    opensQuote: fc.nat(7).map((n) => n === 0),
    header: fc.option(fc.constantFrom(...HEADERS), { nil: undefined, freq: 4 }),
    above: fc.array(fc.constantFrom(...TITLES_ABOVE), { maxLength: 3 }),
    end: fc.constantFrom("\n", "\r\n", "\r"),
    chunk: fc.constantFrom(1, 7, 64, 65_536),
  })
  .chain((table) => {
    const product = fc.oneof(
      { weight: 6, arbitrary: goodProduct(table.letters) },
      { weight: 1, arbitrary: badProduct },
    );
    const row: fc.Arbitrary<Row> = fc.record({
      products: fc.oneof(
        { weight: 4, arbitrary: fc.array(product, { minLength: 1, maxLength: 1 }) },
        { weight: 1, arbitrary: fc.array(product, { minLength: 2, maxLength: 5 }) },
      ),
      between: fc.constantFrom(",", ", ", ";", "; ", "\t", "|", " ", " | ", "\n", "<br>", "->", "\\n", ""),
      title: title(table.letters, true),
      sku: fc.constantFrom("", "S-1", "0012", '"S"', '"S-2', '12"', "S-2;", "a,b"),
      further: fc.array(goodProduct(table.letters, false), { maxLength: 2 }),
      beside: fc.option(
        asin.map((one) => ({ asin: one, text: `https://www.amazon.de/dp/${one}`, isGood: true })),
        { nil: undefined, freq: 8 },
      ),
      fault: fc.constantFrom<Row["fault"]>(
        "none",
        "none",
        "none",
        "short",
        "cut",
        "open",
        "long",
        "moved",
        "blank-before",
        "garbage-before",
      ),
    });
    return fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 12 }) }).map(({ rows }) => write(table, rows));
  });

interface Shape {
  readonly letters: WrittenTable["letters"];
  readonly delimiter: string;
  readonly style: Style;
  readonly layout: readonly string[];
  readonly header: string | undefined;
  readonly opensQuote: boolean;
  readonly above: readonly string[];
  readonly end: string;
  readonly chunk: number;
}

const write = (shape: Shape, rows: readonly Row[]): WrittenTable => {
  const { letters, delimiter, style, end, chunk } = shape;
  const { header } = shape;
  // Only under these names columns with a number say more than one product.
  const isNumbered = header !== undefined && NUMBERED_HEADERS.includes(header);
  const layout = isNumbered ? shape.layout : shape.layout.filter((column) => !/^asin[ _]?[23]$/.test(column));
  const records: string[] = [];
  const products: WrittenProduct[] = [];
  let line = 1;
  const put = (record: string): [number, number] => {
    records.push(record);
    const first = line;
    line += record.split("\n").length;
    return [first, line - 1];
  };
  if (header !== undefined) {
    for (const text of shape.above) {
      const lines = put(text);
      const [named] = /B0[A-Z0-9]{8}/.exec(text) ?? [];
      if (named) products.push({ asin: named, isGood: false, lines });
    }
    const name = letters === "any" ? header : header.replace("\u200e", "");
    const names = layout.map((column) => (column === "asin" ? name : column));
    put(`${shape.opensQuote && style !== "rfc" ? '"' : ""}${names.join(delimiter)}`);
  }
  rows.forEach((row, index) => {
    // Without a header the first record shows where the ASINs are, so it is a good one.
    const isFirst = header === undefined && index === 0;
    if (!isFirst && row.fault === "blank-before") put(index % 2 === 0 ? "" : "  ");
    if (!isFirst && row.fault === "garbage-before") put("total: 5");
    // Where cells are missing, moved or torn, nobody knows which column a text belongs to.
    const isWhole = row.fault === "none" && row.products.length === 1;
    const plain = { ...row, further: isWhole ? row.further : [], beside: isWhole ? row.beside : undefined };
    const own = isFirst
      ? {
          ...plain,
          fault: "none" as const,
          products: row.products.slice(0, 1),
          title: "Cup",
          further: [],
          beside: undefined,
        }
      : plain;
    // A file that begins with a bracket is JSON.
    const looksLikeJson = own.products[0]?.text.includes("[");
    const good =
      isFirst && (looksLikeJson || !own.products[0]?.isGood)
        ? [{ asin: "B0FIRST000", text: "B0FIRST000", isGood: true }]
        : own.products;
    const lines = put(recordOf({ ...own, products: good }, layout, style, delimiter));
    for (const { asin: name, isGood } of good) products.push({ asin: name, isGood, lines });
    const columns = layout.filter((column) => /^asin[ _]?[23]$/.test(column)).length;
    const further = own.further.slice(0, columns);
    for (const { asin: name, isGood } of further) products.push({ asin: name, isGood, lines });
    if (own.beside && layout.includes("title")) {
      products.push({ asin: own.beside.asin, isGood: true, isBeside: true, lines });
    }
    if ([...good, ...further].some(({ text }) => text.includes(CARRIED))) {
      products.push({ asin: CARRIED, isGood: true, isBeside: true, lines });
    }
  });
  return { text: records.map((record) => record.replaceAll("\n", end)).join(end) + end, products, letters, chunk };
};
