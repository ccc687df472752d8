import fc from "fast-check";

/** A JSON document or NDJSON file, as a program may have written it. */
export interface WrittenDocument {
  readonly text: string;
  /** ASINs in it, upper case, each once. */
  readonly asins: readonly string[];
  /** Those in places where products are read, in items without a fault. */
  readonly good: readonly string[];
  readonly chunk: number;
}

const asin = fc
  .string({ unit: fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), minLength: 8, maxLength: 8 })
  .map((rest) => `B0${rest}`);

const PRODUCT_KEYS = ["asin", "ASIN", "asin1", "url", "Product URL", "link"];
const OTHER_KEYS = ["code", "product", "id", "parent", "\u00e4"];

/** One member of an object as text: keys may come twice, which no object of JavaScript could say. */
type Member = readonly [key: string, value: unknown];

interface Item {
  readonly members: readonly Member[] | undefined;
  readonly value: unknown;
  readonly asins: readonly string[];
  readonly isGood: boolean;
}

const written = (one: string): fc.Arbitrary<string> =>
  fc.constantFrom(one, one.toLowerCase(), ` ${one}\u200e`, `https://www.amazon.de/dp/${one}?a=1&b=":"`);

const extra: fc.Arbitrary<Member> = fc.constantFrom<Member>(
  ["title", 'A "blue" mug: {large}, [new]'],
  ["note", { deep: [1, { a: "b" }], ":": '":' }],
  ["price", 12.5],
  ["10", "ten"],
  ["gone", null],
);

const objectOf = (members: readonly Member[], asins: readonly string[], isGood: boolean): Item => ({
  members,
  value: undefined,
  asins,
  isGood,
});

const oneProduct: fc.Arbitrary<Item> = fc
  .record({ one: asin, key: fc.constantFrom(...PRODUCT_KEYS), extras: fc.array(extra, { maxLength: 3 }) })
  .chain(({ one, key, extras }) =>
    written(one).map((text) => objectOf([...extras.slice(1), [key, text], ...extras.slice(0, 1)], [one], true)),
  );

const twoProducts: fc.Arbitrary<Item> = fc
  .tuple(asin, asin, fc.constantFrom("list", "text", "same key", "twin keys"))
  .map(([one, other, how]) => {
    const asins = [one, other];
    if (how === "list") return objectOf([["asin", asins]], asins, true);
    if (how === "text") return objectOf([["asin", asins.join(", ")]], asins, true);
    return objectOf(
      [
        ["asin", one],
        [how === "same key" ? "asin" : "Asin", other],
      ],
      asins,
      how !== "same key",
    );
  });

const misplaced: fc.Arbitrary<Item> = fc
  .tuple(asin, fc.constantFrom(...OTHER_KEYS), fc.boolean())
  .map(([one, key, isDeep]) => objectOf([[key, isDeep ? { asin: one } : one]], [one], false));

/** A product by its key. */
const keyed: fc.Arbitrary<Item> = asin.map((one) => objectOf([[one, { title: "Cup" }]], [one], false));

const bare = (asins: readonly string[], value: unknown, isGood: boolean): Item => ({
  members: undefined,
  value,
  asins,
  isGood,
});

const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 5, arbitrary: oneProduct },
  { weight: 2, arbitrary: twoProducts },
  { weight: 1, arbitrary: misplaced },
  { weight: 1, arbitrary: keyed },
  { weight: 1, arbitrary: asin.map((one) => bare([one], one, true)) },
  { weight: 1, arbitrary: fc.tuple(asin, asin).map((asins) => bare(asins, asins, false)) },
  { weight: 1, arbitrary: asin.map((one) => bare([one.slice(0, 9)], one.slice(0, 9), false)) },
  { weight: 1, arbitrary: fc.constant(bare([], null, false)) },
);

const memberText = ([key, value]: Member): string => `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
const itemText = ({ members, value }: Item): string =>
  members ? `{${members.map(memberText).join(", ")}}` : JSON.stringify(value);

const listText = (items: readonly Item[], space: string): string =>
  `[${space}${items.map(itemText).join(`,${space}`)}${space}]`;

/** The same text to a program, with a letter of each ASIN in code. */
const escaped = (text: string): string => text.replaceAll("B0", "\\u00420");

const asinsOf = (items: readonly Item[]): string[] => [...new Set(items.flatMap((one) => one.asins))];

const chunk = fc.constantFrom(1, 9, 64, 65_536);
const items = fc.array(item, { minLength: 1, maxLength: 8 });

/** Documents with a list of products, and perhaps more products in other places. */
export const writtenDocument: fc.Arbitrary<WrittenDocument> = fc
  .record({
    products: items,
    more: fc.array(item, { maxLength: 4 }),
    moreKey: fc.oneof(fc.constantFrom("more", "items", "asins2", "related"), asin),
    write: fc.constantFrom((text: string) => text, escaped),
    value: fc.option(asin, { nil: undefined }),
    isBare: fc.boolean(),
    isLast: fc.boolean(),
    space: fc.constantFrom("", " ", "\n  ", "\r\n\t"),
    chunk,
  })
  .map(({ products, more, moreKey, write, value, isBare, isLast, space, chunk: size }) => {
    const good = asinsOf(products.filter(({ isGood }) => isGood));
    if (isBare) return { text: write(listText(products, space)), asins: asinsOf(products), good, chunk: size };
    const aside = [`${JSON.stringify(moreKey)}:${space}${listText(more, space)}`];
    if (value !== undefined) aside.push(`"parent":${space}{"id": "${value}"}`);
    const list = `"products":${space}${listText(products, space)}`;
    const parts = isLast ? [...aside, '"name": "Mine"', list] : [list, ...aside];
    const asins = [
      ...new Set([
        ...asinsOf([...products, ...more]),
        ...(moreKey.startsWith("B0") ? [moreKey] : []),
        ...(value === undefined ? [] : [value]),
      ]),
    ];
    return { text: write(`{${space}${parts.join(`,${space}`)}${space}}`), asins, good, chunk: size };
  });

const BROKEN = ["{", "}", '{"asin": "B0', "asin,title", "  ", ""];

/** Lines of JSON, with others between that are none. */
export const writtenLines: fc.Arbitrary<WrittenDocument> = fc
  .record({
    products: items,
    broken: fc.array(fc.constantFrom(...BROKEN), { maxLength: 3 }),
    write: fc.constantFrom((text: string) => text, escaped),
    isTorn: fc.boolean(),
    end: fc.constantFrom("\n", "\r\n"),
    chunk,
  })
  .map(({ products, broken, write, isTorn, end, chunk: size }) => {
    const lines = ['{"asin": "B0FIRST000"}', ...products.map((one) => write(itemText(one))), ...broken];
    // The last line breaks off, as a transfer may leave it.
    const text = lines.join(end) + end + (isTorn ? '{"asin": "B0TORN0000", "title": "cut o' : "");
    const asins = [...asinsOf(products), "B0FIRST000", ...(isTorn ? ["B0TORN0000"] : [])];
    return { text, asins, good: asinsOf(products.filter(({ isGood }) => isGood)), chunk: size };
  });
