/** Whether no text in a JSON value, names of fields too, holds half of a surrogate pair. */
export const isWellFormed = (value: unknown): boolean => {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
};

/** Deeper than any message of ours, and far less deep than what the stack of calls bears: 256 KB of brackets go 130,000 deep. */
const DEEPEST = 500;

/** A JSON value with U+FFFD in place of each half of a surrogate pair, in names of fields too. What lies deeper than 500 is null. */
export const wellFormed = (value: unknown): unknown => wellFormedTo(value, DEEPEST);

const wellFormedTo = (value: unknown, depth: number): unknown => {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return null;
  const inside = (inner: unknown): unknown => wellFormedTo(inner, depth - 1);
  if (Array.isArray(value)) return value.map(inside);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), inside(inner)]));
};
