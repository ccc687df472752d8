import fc from "fast-check";
import { mutatedJson, nastyValue } from "./nasty.ts";
import { exampleOf, type Operation, resolveRef } from "./operations.ts";
import { valuesOf } from "./schema-values.ts";

/** A request as API Gateway hands it over, before what the world knows is put in. */
export interface DrawnRequest {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, Drawn>>;
  readonly query: readonly (readonly [name: string, value: Drawn])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly caller: "owner" | "other" | "key" | "nobody";
}
/** A text, or the number of one that the world gave out before: an id, a cursor. */
export type Drawn = string | Known;
/** One of the texts that the world gave out under such a name, which fit the pattern; with one character changed, or none. */
export interface Known {
  readonly known: number;
  readonly flip: number | null;
  readonly name: string;
  readonly pattern: string;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
/** How a part of a request is when all is well, and how when it is not. */
interface Part<Value> {
  readonly good: fc.Arbitrary<Value>;
  readonly odd: fc.Arbitrary<Value>;
}

/** Values that the world may know are taken from it. */
const isOfTheWorld = (name: string): boolean => /id$|^(?:cursor|lastKey|file|code|asin|handle)$/i.test(name);
const parameter = ({ name, schema }: Operation["parameters"][number]): Part<Drawn> => {
  const fitting = valuesOf(schema, resolveRef).map(asText);
  if (!isOfTheWorld(name)) return { good: fitting, odd: nastyValue().map(asText) };
  const facts = { known: fc.nat(), name: fc.constant(name), pattern: fc.constant(schema.pattern ?? "") };
  return {
    good: fc.record({ ...facts, flip: fc.constant(null) }),
    odd: fc.oneof(fc.record({ ...facts, flip: fc.nat() }), fitting, nastyValue().map(asText)),
  };
};

/** Bytes that are no text, and text that is no table. */
const ODD_FILES = [
  ...[
    "",
    "asin\n",
    "asin,asin\nB0EXAMPLE1,B0EXAMPLE2\n",
    '"asin\nB0EXAMPLE1',
    "\u0000\u0000",
    "a;b\n1;2;3\n",
    "=1+1\n",
  ],
  ...[
    "asin\n".padEnd(5_000, ","),
    `${"x,".repeat(600)}\n`,
    '{"asin":',
    '[{"asin":1}]',
    '{"asin":"B0EXAMPLE1"}\n{"asin":',
    "[".repeat(5_000),
  ],
].map((text) => Buffer.from(text));
const ODD_BYTES = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xff, 0xfe, 0x61]),
  Buffer.from([0xc3, 0x28, 0x0a]),
  Buffer.from("PK\u0003\u0004 spreadsheet"),
  Buffer.from("asin\nB0EXAMPLE1\n", "utf16le"),
];

const oddFile = (text: string): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.constantFrom(...ODD_FILES, ...ODD_BYTES),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.nat({ max: text.length }), fc.string({ unit: "binary", maxLength: 20 }))
      .map(([at, odd]) => Buffer.from(text.slice(0, at) + odd + text.slice(at))),
  );

interface Content {
  readonly type: string | undefined;
  readonly body: Buffer | undefined;
}

const contentOf = (operation: Operation): Part<Content> => {
  const types = Object.keys(operation.requestBody?.content ?? {});
  const none: Content = { type: undefined, body: undefined };
  if (types.length === 0)
    return { good: fc.constant(none), odd: fc.constant({ type: "application/json", body: Buffer.from("{}") }) };
  const exampleText = (type: string): string => asText(exampleOf(operation, type));
  const odd = (type: string): fc.Arbitrary<Content> => {
    const example = exampleOf(operation, type);
    const schema = operation.requestBody?.content[type]?.schema ?? {};
    const json = fc.oneof(
      { weight: 3, arbitrary: mutatedJson(example) },
      { weight: 1, arbitrary: valuesOf(schema, resolveRef).map((value) => JSON.stringify(value) ?? "") },
    );
    const isJson = /json$/.test(type) && typeof example !== "string";
    return (isJson ? json.map((text) => Buffer.from(text)) : oddFile(exampleText(type))).map((body) => ({
      type,
      body,
    }));
  };
  return {
    good: fc.constantFrom(...types).map((type) => ({ type, body: Buffer.from(exampleText(type)) })),
    odd: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...types).chain(odd) },
      { weight: 1, arbitrary: fc.constant({ type: "text/html", body: Buffer.from(exampleText(types[0] ?? "")) }) },
      { weight: 1, arbitrary: fc.constant({ type: types[0], body: undefined }) },
    ),
  };
};

/** Bodies are where most can be wrong. */
const BODY_WEIGHT = 4;

/** Requests of a route: as it takes them, but for one place or two. */
export const requestsOf = (operation: Operation): fc.Arbitrary<DrawnRequest> => {
  const of = (place: "path" | "query") => operation.parameters.filter((one) => one.in === place);
  const path = of("path").map((one) => [one.name, parameter(one)] as const);
  const query = of("query").map((one) => [one.name, parameter(one)] as const);
  const content = contentOf(operation);
  const hasBody = operation.requestBody !== undefined;
  const places = [
    ...path.map(([name]) => `path ${name}`),
    ...query.map(([name]) => `query ${name}`),
    ...Array.from({ length: hasBody ? BODY_WEIGHT : 1 }, () => "body"),
    ...["headers", "extra", "caller"],
  ];
  return fc
    .record({
      odd: fc.array(fc.constantFrom(...places), { maxLength: 2 }),
      named: fc.subarray(query, { maxLength: Math.min(3, query.length) }),
    })
    .chain(({ odd, named }) => {
      const part = <Value>(place: string, { good, odd: other }: Part<Value>) => (odd.includes(place) ? other : good);
      const asked = query.filter((one) => named.includes(one) || odd.includes(`query ${one[0]}`));
      return fc.record({
        path: fc.record(Object.fromEntries(path.map(([name, one]) => [name, part(`path ${name}`, one)]))),
        query: fc.record(Object.fromEntries(asked.map(([name, one]) => [name, part(`query ${name}`, one)]))),
        extra: odd.includes("extra")
          ? fc
              .tuple(fc.constantFrom("limit", "__proto__", "x", "dry_run"), nastyValue().map(asText))
              .map((one) => [one])
          : fc.constant([]),
        headers: odd.includes("headers")
          ? fc.record(
              {
                "idempotency-key": nastyValue().map((value) => asText(value).slice(0, 300)),
                "x-correlation-id": nastyValue().map(asText),
              },
              { requiredKeys: [] },
            )
          : fc.constant({}),
        content: part("body", content),
        caller: odd.includes("caller")
          ? fc.constantFrom("other" as const, "key" as const, "nobody" as const)
          : fc.constant("owner" as const),
      });
    })
    .map(({ path: known, query: asked, extra, headers, content: { type, body }, caller }) => ({
      ...{ operation, path: known, caller, body },
      query: [...Object.entries(asked), ...extra],
      headers: { ...headers, ...(type === undefined ? {} : { "content-type": type }) },
    }));
};
