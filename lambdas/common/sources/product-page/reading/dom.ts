import type { CheerioAPI } from "cheerio/slim";
import { parseJson } from "../../../core/parse-json.ts";

/** Text of the first match as a shopper sees it: scripts and styles left out, white space collapsed; "" when none. */
export const visibleText = ($: CheerioAPI, selector: string): string => {
  const node = $(selector).first().clone();
  node.find("script, style, noscript, template").remove();
  return node.text().replace(/\s+/g, " ").trim();
};

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
