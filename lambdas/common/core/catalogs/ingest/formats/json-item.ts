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
/** A string, or a sign of the structure. The last quote is optional so that no text is read twice. */
const TOKEN = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[:[\]{}]/g;

/** Keys of the object that `text` is, in the order of the text, each as often as it is there. */
const keysInText = (text: string): string[] => {
  const keys: string[] = [];
  let depth = 0;
  let before = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token === ":" && depth === 1) keys.push(String(JSON.parse(before)));
    before = token;
  }
  return keys;
};

const QUOTE = 0x22;
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

/** Colons behind a closing quote: one for each key, and a few in texts and in objects within. */
const countKeys = (text: string): number => {
  let count = 0;
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    let before = colon - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === QUOTE) count++;
  }
  return count;
};

const NONE: readonly string[] = [];

const repeatedIn = (keys: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return repeated.size > 0 ? [...repeated] : NONE;
};

const withSource = (text: string): unknown =>
  sourceJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source ? sourceJson.rawJSON(source) : value,
  );

/** One item of a JSON or NDJSON catalog. */
export interface JsonItem {
  /** As parsed; numbers that would be written otherwise than in the file are kept by their text. */
  readonly value: unknown;
  /** Keys in the order of the text, where the object has another. */
  readonly keys: readonly string[] | undefined;
  /** Keys that the text gives more than once; of their values only the last is in `value`. */
  readonly repeated: readonly string[];
}

/** @throws SyntaxError when the text is no JSON */
export const parseJsonItem = (text: string): JsonItem => {
  let value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return { value, keys: undefined, repeated: NONE };
  if (TELLING.test(text)) {
    try {
      value = withSource(text);
    } catch (error) {
      // Nested deeper than a reviver goes; nobody can write such a value out, and it is refused for that later.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const own = Object.keys(value as object);
  const [first] = own;
  const hasOtherOrder = first !== undefined && INDEX_KEY.test(first);
  // A list has no keys of its own, whatever its items have.
  if (Array.isArray(value) || (!hasOtherOrder && countKeys(text) === own.length)) {
    return { value, keys: undefined, repeated: NONE };
  }
  const inText = keysInText(text);
  return { value, keys: hasOtherOrder ? [...new Set(inText)] : undefined, repeated: repeatedIn(inText) };
};

/** A character in code, or behind a backslash. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|([\s\S]))/gi;

const unescaped = (written: string, code: string | undefined, sign: string | undefined): string => {
  if (sign !== undefined) return sign === "/" ? "/" : /[bfnrt]/.test(sign) ? " " : written;
  const character = String.fromCharCode(Number.parseInt(code ?? "", 16));
  if (character < " ") return " ";
  return character === '"' || character === "\\" ? written : character;
};

/**
 * JSON as its reader would see it: characters in code as they are, white space in code as blanks. Quotes and backslashes
 * keep theirs. In the text itself the `n` of a line feed would look like the first letter of the word behind it.
 */
export const plainJson = (text: string): string =>
  text.includes("\\") ? text.replace(ESCAPE, unescaped).toWellFormed() : text;

/** Text of a JSON value as a cell. @throws RangeError when it is nested too deep to be written */
export const cellText = (value: unknown): string => {
  if (typeof value === "string") return value.toWellFormed();
  if (value === null || value === undefined) return "";
  if (sourceJson.isRawJSON(value)) return value.rawJSON;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
