import { load } from "cheerio/slim";

/**
 * Text of an HTML fragment: entities decoded, blocks and `<br>` as line breaks, scripts and styles left out.
 * Null when nothing readable remains.
 */
export const htmlText = (html: string): string | null => {
  const $ = load(html, null, false);
  $("script, style, noscript, template").remove();
  $("br").replaceWith("\n");
  $("p, div, li, h1, h2, h3, h4, h5, h6, tr, ul, ol, table").after("\n");
  const lines = $.root()
    .text()
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim());
  return lines.filter((line) => line !== "").join("\n") || null;
};
