/** A number as its text had it, which `JSON.stringify` writes unchanged. */
interface RawNumber {
  readonly rawJSON: string;
}

/** The part of `JSON` that keeps the text of numbers (ECMAScript's "JSON.parse source text access"). */
interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
}
const sourceJson = JSON as unknown as SourceJson;

/** A fraction, an exponent, more digits than a number holds, or a minus before a zero: text that a number may not give back. */
const TELLING = /\d[.eE]|\d{16}|-0/;
/** What an object keeps before its other keys, in order of size. */
const INDEX_KEY = /^(?:0|[1-9]\d*)$/;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(?=\s*(:)?)|[[\]{}]/g;

/** Keys of the object that `text` is, in the order in which they first stand there. */
const keysInText = (text: string): string[] => {
  const keys = new Set<string>();
  let depth = 0;
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && colon) keys.add(String(JSON.parse(token)));
  }
  return [...keys];
};

const withSource = (text: string): unknown =>
  sourceJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source ? sourceJson.rawJSON(source) : value,
  );

/** One item of a JSON or NDJSON catalog. */
export interface JsonItem {
  /** As parsed; numbers that would be written otherwise than they stood are kept by their text. */
  readonly value: unknown;
  /** Keys in the order of the text, where the object has another. */
  readonly keys: readonly string[] | undefined;
}

/** @throws SyntaxError when the text is no JSON */
export const parseJsonItem = (text: string): JsonItem => {
  let value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return { value, keys: undefined };
  if (TELLING.test(text)) {
    try {
      value = withSource(text);
    } catch (error) {
      // Nested deeper than a reviver goes; nobody can write such a value out, and it is refused for that later.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const [first] = Object.keys(value as object);
  return { value, keys: first !== undefined && INDEX_KEY.test(first) ? keysInText(text) : undefined };
};

/** Text of a JSON value as a cell. @throws RangeError when it is nested too deep to be written */
export const cellText = (value: unknown): string => {
  if (typeof value === "string") return value.toWellFormed();
  if (value === null || value === undefined) return "";
  if (sourceJson.isRawJSON(value)) return value.rawJSON;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
