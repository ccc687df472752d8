import type { Row } from "./table-row.ts";

/** How cells are written: every cell by RFC 4180, as it is, or in quotes whose inner ones are not doubled. */
export type Style = "rfc" | "plain" | "sloppy";

const cellText = (text: string, style: Style, delimiter: string): string => {
  if (style === "rfc") {
    const needs = text.includes(delimiter) || /["\r\n]/.test(text);
    return needs ? `"${text.replaceAll('"', '""')}"` : text;
  }
  const line = text.replaceAll("\n", " ");
  return style === "sloppy" && line.includes(delimiter) ? `"${line}"` : line.replaceAll(delimiter, " ");
};

/** Cells in the order of the columns, each with its product kept in one cell. */
export const recordOf = (row: Row, layout: readonly string[], style: Style, delimiter: string): string => {
  // Nothing parts addresses only, of which each says where it begins.
  const isGlued = row.between === "" && row.products.every(({ text }) => text.startsWith("http"));
  const list = row.products.map(({ text }) => text).join(row.between === "" && !isGlued ? ", " : row.between);
  // A torn list in a row that is short fills columns of other names, and what merely looks like an ASIN there is none.
  const isTorn = style !== "rfc" && list.includes(delimiter);
  // Beside a torn list two quotes would make one proper cell of two, and the row as long as it should be.
  const whole = isTorn ? row.sku.replaceAll('"', "") : row.sku;
  // A first cell that ends in a quote makes one record with a row above that opens one where its product is not in its
  // place: what is read of both has the line of that row. So does a lone quote.
  const sku = layout[0] === "sku" ? whole.replace(/"$/, "") : whole;
  const cells = layout.map((column) => {
    // A quote before the product that nothing closes.
    if (column === "asin" && row.fault === "open" && style !== "rfc" && row.products.length === 1) return `"${list}`;
    // A list whose parts are parted by the delimiter itself, without quotes, is meant to be torn apart.
    if (column === "asin") return style === "rfc" ? cellText(list, style, delimiter) : list.replaceAll("\n", " ");
    const [, number] = /^asin[ _]?([23])$/.exec(column) ?? [];
    if (number) return cellText(row.further[Number(number) - 2]?.text ?? "", style, delimiter);
    if (column === "title" && row.beside) return cellText(row.beside.text, style, delimiter);
    return cellText(column === "title" ? row.title : sku, style, delimiter);
  });
  if (row.fault === "short" && !isTorn) cells.splice(layout.indexOf("asin") + 1);
  if (row.fault === "cut" && !isTorn && layout.at(-1) !== "asin") cells.pop();
  // Its first cell is missing, so that the product is in the place of another column.
  if (row.fault === "moved" && !isTorn && layout[0] !== "asin") {
    cells.shift();
    if (cells[0] === '"') cells[0] = "";
  }
  if (row.fault === "long") cells.push("see note", "19.99");
  return cells.join(delimiter);
};
