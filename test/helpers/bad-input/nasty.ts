import fc from "fast-check";

/** Values that programs stumble over, wherever they stand. */
const NASTY_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1e308, 1.5, 2 ** 53, "", " ", "null", "true", "-1", "1e9"],
  ...[
    "\u0000",
    "a\u0000b",
    "\ud800",
    "\u202eabc",
    "=1+1",
    "\n",
    "😀".repeat(50),
    "x".repeat(5_000),
    "../../etc/passwd",
  ],
  ...[
    "__proto__",
    "constructor",
    "%00",
    "%ff",
    "#",
    "?",
    "/",
    "a#b",
    "2026-02-30T00:00:00.000Z",
    "+275761-01-01T00:00:00Z",
  ],
  ...[[], {}, [[]], [null], { length: -1 }, { toString: null }],
];

/** One of them. */
export const nastyValue = (): fc.Arbitrary<unknown> =>
  fc.oneof(fc.constantFrom(...NASTY_VALUES), fc.jsonValue({ maxDepth: 3 }));

const pathsOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === "object" && value !== null
    ? [path, ...Object.keys(value).flatMap((key) => pathsOf((value as Record<string, unknown>)[key], [...path, key]))]
    : [path];

const replaced = (value: unknown, [head, ...rest]: readonly string[], by: unknown, removes: boolean): unknown => {
  if (head === undefined) return by;
  if (Array.isArray(value)) {
    const at = Number(head);
    if (removes && rest.length === 0) return value.filter((_, index) => index !== at);
    return value.map((item, index) => (index === at ? replaced(item, rest, by, removes) : item));
  }
  const members = Object.entries(value as Record<string, unknown>);
  if (removes && rest.length === 0) return Object.fromEntries(members.filter(([name]) => name !== head));
  return Object.fromEntries(
    members.map(([name, member]) => [name, name === head ? replaced(member, rest, by, removes) : member]),
  );
};

/** A value with one or two places changed: replaced by a nasty value, or gone. Often as it was. */
export const mutated = (value: unknown): fc.Arbitrary<unknown> => {
  const paths = pathsOf(value);
  const change = fc.record({ path: fc.constantFrom(...paths), by: nastyValue(), removes: fc.boolean() });
  return fc.array(change, { maxLength: 2 }).map((changes) =>
    changes.reduce<unknown>((current, { path, by, removes }) => {
      try {
        return replaced(current, path, by, removes);
      } catch {
        // The first change took away the place of the second.
        return current;
      }
    }, value),
  );
};

/** Texts that are to be JSON: a mutated value, or one that no longer is JSON. */
export const mutatedJson = (value: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: mutated(value).map((one) => JSON.stringify(one) ?? "") },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constant(JSON.stringify(value)), fc.nat({ max: 200 }))
        .map(([text, at]) => text.slice(0, at)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "",
        "\ufeff{}",
        "[".repeat(20_000),
        '{"a":'.repeat(5_000),
        "{}{}",
        "NaN",
        '{"__proto__":{"a":1}}',
        "\u0000",
      ),
    },
  );
