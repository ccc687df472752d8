import fc from "fast-check";

/** Nested so deep that a reader which follows it by recursion runs out of stack. */
const deep = (levels: number, next: "Ancestor" | "parent"): unknown => {
  let value: unknown = { DisplayName: "leaf", displayName: "leaf" };
  for (let level = 0; level < levels; level += 1) value = { DisplayName: "x", displayName: "x", [next]: value };
  return value;
};

const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -1, -2, 0.5, 1e-7, 1e15, 1e300, -1e300],
  ...[
    "",
    " ",
    "\u200b",
    "\ud800",
    "1984",
    "0",
    "-1",
    "1e99",
    "9".repeat(400),
    "https://",
    "javascript:x",
    "x".repeat(5000),
  ],
  ...[
    {},
    [],
    [null],
    [[]],
    [{}],
    { value: null },
    { toString: 1, valueOf: 1, toJSON: 1 },
    deep(500, "Ancestor"),
    deep(500, "parent"),
  ],
];

/** A value that does not belong where it stands: of another type, empty, absent or absurd. */
const oddValue = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** One change of a JSON value: where, counted over all of its places, and what to do there. */
export interface OddChange {
  readonly place: number;
  readonly how: "replace" | "remove" | "list" | "object" | "repeat";
  readonly value: unknown;
}

/** Changes of a JSON value. */
export const oddChanges = (most: number): fc.Arbitrary<OddChange[]> =>
  fc.array(
    fc.record({
      place: fc.nat({ max: 100_000 }),
      how: fc.constantFrom("replace", "replace", "replace", "remove", "list", "object", "repeat"),
      value: oddValue,
    }),
    { minLength: 1, maxLength: most },
  );

type Holder = Record<string, unknown>;
const placesIn = (value: unknown, found: { holder: Holder; key: string }[] = []): typeof found => {
  if (typeof value !== "object" || value === null || found.length > 2000) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Holder, key });
    placesIn((value as Holder)[key], found);
  }
  return found;
};

/** Applies changes within a value, in place; the value itself stays the same object. */
export const applyChanges = (whole: unknown, changes: readonly OddChange[]): void => {
  for (const { place, how, value } of changes) {
    // A copy: a later change may reach into it, and one value must not come to hold itself.
    const odd = structuredClone(value);
    const places = placesIn(whole);
    const chosen = places[place % places.length];
    if (!chosen) return;
    const { holder, key } = chosen;
    if (how === "remove" && !Array.isArray(holder)) delete holder[key];
    else if (how === "list") holder[key] = [holder[key]];
    else if (how === "object") holder[key] = { 0: holder[key] };
    else if (how === "repeat") holder[key] = [holder[key], odd, structuredClone(holder[key])];
    else holder[key] = odd;
  }
};
