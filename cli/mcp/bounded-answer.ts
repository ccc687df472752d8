import { CliError, EXIT } from "../cli-error.ts";

/** Characters of one text in an answer. */
const MAX_TEXT = 800;
/** Characters of a whole answer: about 15,000 tokens of an assistant's context. */
const MAX_ANSWER = 60_000;
/** Items of a list that is no page of its own. */
const MAX_ITEMS = 100;
/** Texts that are sent back as they are. */
const WHOLE = ["next_cursor", "confirm"];

/** Without what steers terminals, turns the direction of writing, or cannot be seen. */
export const plainText = (text: string): string => {
  const plain = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]+/gu, " ");
  return plain.length > MAX_TEXT ? `${[...plain].slice(0, MAX_TEXT - 1).join("")}…` : plain;
};

const bounded = (value: unknown, name: string): unknown => {
  if (typeof value === "string") return WHOLE.includes(name) ? value : plainText(value);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => bounded(item, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [plainText(key), bounded(member, key)]));
};

/**
 * An answer that an assistant can take: texts cut and without characters that nobody sees.
 * @throws CliError USAGE when it is too large all the same
 */
export const boundedAnswer = (answer: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const short = Object.fromEntries(Object.entries(answer).map(([key, member]) => [key, bounded(member, key)]));
  if (JSON.stringify(short).length <= MAX_ANSWER) return short;
  throw new CliError(EXIT.USAGE, "The answer is too large. Ask again with a smaller limit.");
};
