import { withoutControls } from "./without-controls.ts";

/** Characters of a cell before it is cut with an ellipsis, the last column apart. */
const WIDEST_CELL = 60;

const cut = (text: string, isLast: boolean): string => {
  // Catalogs come from anywhere.
  const clean = withoutControls(text);
  return clean.length > WIDEST_CELL && !isLast ? `${clean.slice(0, WIDEST_CELL - 1)}…` : clean;
};

/**
 * Lays rows out in columns, two spaces apart, ended by a line feed. The last column, which holds sentences, is neither
 * padded nor cut.
 * @param header one name a column
 */
export const formatTable = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [header, ...rows].map((row) => row.map((cell, column) => cut(cell, column === header.length - 1)));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
};
