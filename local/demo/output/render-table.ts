import { displayWidth, fitWidth, printable } from "./display-text.ts";

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Widest that it may get, terminal columns. */
  readonly max: number;
  readonly align?: "left" | "right";
}

/** Lines of a table with a header and a rule; foreign text is made safe, cells too wide are cut. */
export const renderTable = (columns: readonly Column[], rows: readonly (readonly string[])[]): string[] => {
  const cells = rows.map((row) => columns.map((_, index) => printable(row[index] ?? "")));
  const widths = columns.map(({ title, max }, index) =>
    Math.min(max, Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? "")))),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, index) => fitWidth(row[index] ?? "", widths[index] ?? 0, align))
      .join("  ")
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...cells.map(line),
  ];
};
