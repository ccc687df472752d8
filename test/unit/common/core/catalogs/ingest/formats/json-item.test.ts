import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJsonItem } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/json-item.ts";
import { testSeed } from "../../../../../../helpers/test-seed.ts";

const SEED = testSeed("JSON item", 20_261_129);

const space = fc.constantFrom("", " ", "\n\t", "\r\n");
const key = fc.oneof(fc.constantFrom("asin", "a", ":", '":', "10", "2"), fc.string({ maxLength: 4 }));

it("finds the keys that come more than once, whatever else is in the text", () => {
  const members = fc.array(fc.tuple(key, fc.jsonValue({ maxDepth: 2 }), space, space), { maxLength: 6 });
  fc.assert(
    fc.property(members, (list) => {
      const text = `{${list.map(([name, value, a, b]) => `${a}${JSON.stringify(name)}${b}:${a}${JSON.stringify(value)}`).join(",")}}`;
      const names = list.map(([name]) => name);
      const repeated = names.filter((name, index) => names.indexOf(name) < index);

      expect(new Set(parseJsonItem(text).repeated)).toEqual(new Set(repeated));
    }),
    { seed: SEED, numRuns: 500 },
  );
});

it.each(['"x"', "17", "[1]", '[{"a":1,"a":2}]', "null"])("finds none in %s, which is no object", (text) => {
  expect(parseJsonItem(text)).toMatchObject({ keys: undefined, repeated: [] });
});
