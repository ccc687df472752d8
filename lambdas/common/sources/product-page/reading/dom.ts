import type { CheerioAPI } from "cheerio/slim";
import { textStart } from "../../../core/page-text/text-start.ts";
import { parseJson } from "../../../core/parse-json.ts";

/** Elements of a page, as the parser holds them. */
export type Nodes = ReturnType<CheerioAPI>;

/** What no shopper sees in the place where it stands. */
const UNSEEN = "script, style, noscript, template, .a-popover-preload";
/** More than the longest title, line or label of a page has, in UTF-16 units. */
const MAX_SEEN_CHARS = 20_000;

/** Text of the first of some elements as a shopper sees it, white space collapsed; "" when there is none. */
export const seenText = (nodes: Nodes): string => {
  const node = nodes.first().clone();
  node.find(UNSEEN).remove();
  return textStart(node.text().replace(/\s+/g, " ").trim(), MAX_SEEN_CHARS);
};

/** Direction marks, zero-width spaces and soft hyphens. The joiners of emoji and of Indic scripts are no such marks. */
const MARKS = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** `seenText` without the invisible marks that pages put around labels, names and list items. */
export const plainText = (nodes: Nodes): string => withoutMarks(seenText(nodes));

/** A text without direction marks and other invisible marks, trimmed. */
export const withoutMarks = (text: string): string => text.replace(MARKS, "").replace(/\s+/g, " ").trim();

/** `seenText` of the first match. */
export const visibleText = ($: CheerioAPI, selector: string): string => seenText($(selector));

/** Each match of a selector. */
export const eachOf = ($: CheerioAPI, selector: string): Nodes[] => [...$(selector)].map((node) => $(node));

/** Reads the JSON value that starts at `start` in a script; undefined when there is none or it is no JSON. */
export const jsonAt = (text: string, start: number): unknown => {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const char = text[index];
    if (quoted) {
      if (char === "\\") index += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") {
      depth -= 1;
      if (depth === 0) return parseJson(text.slice(start, index + 1));
    }
  }
  return undefined;
};
