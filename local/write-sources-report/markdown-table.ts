/** A column's title and whether its cells are numbers, which are aligned right. */
export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** Lines of a Markdown table whose columns are as wide as their widest cell, so that its source can be read too. */
export const markdownTable = (columns: readonly Column[], rows: readonly (readonly string[])[]): string[] => {
  const widths = columns.map(({ title, number }, at) =>
    Math.max(title.length, number ? 4 : 3, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${columns
      .map(({ number }, at) => {
        const width = widths[at] ?? 0;
        return number ? (cells[at] ?? "").padStart(width) : (cells[at] ?? "").padEnd(width);
      })
      .join(" | ")} |`;
  const rule = columns.map(({ number }, at) =>
    number ? ":".padStart(widths[at] ?? 0, "-") : "-".repeat(widths[at] ?? 0),
  );
  return [line(columns.map(({ title }) => title)), line(rule), ...rows.map(line)];
};
