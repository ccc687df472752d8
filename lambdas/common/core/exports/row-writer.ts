import { csvColumnNames, JsonKeys } from "./column-names.ts";
import { BYTE_ORDER_MARK, csvLine } from "./csv-line.ts";
import { ENRICHMENT_COLUMNS, type EnrichmentCells } from "./enrichment-cells.ts";
import type { ExportFormat } from "./export-job.ts";

/** Writes rows in one format. */
export interface RowWriter {
  readonly contentType: string;
  /** What comes before the first row. */
  readonly head: string;
  /** One row with its line end: the user's own cells unchanged, then ours. */
  line(cells: readonly string[], enrichment: EnrichmentCells): string;
}

const csvWriter = (columns: readonly string[], width: number): RowWriter => {
  const names = csvColumnNames(columns, width);
  const padding = names.own.map(() => "");
  return {
    contentType: "text/csv; charset=utf-8",
    head: BYTE_ORDER_MARK + csvLine([...names.own, ...names.added]),
    line: (cells, enrichment) =>
      csvLine([
        ...cells,
        ...padding.slice(cells.length),
        ...ENRICHMENT_COLUMNS.map((column) =>
          column === "missing" ? (enrichment.missing ?? []).join("; ") : (enrichment[column] ?? ""),
        ),
      ]),
  };
};

/** Written by hand: an object would put keys such as `1` first and lose `__proto__`. */
const jsonLine = (entries: readonly (readonly [string, unknown])[]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}\n`;

const jsonlWriter = (columns: readonly string[]): RowWriter => {
  const keys = new JsonKeys(columns);
  return {
    contentType: "application/x-ndjson",
    head: "",
    line: (cells, enrichment) =>
      jsonLine([
        ...Array.from(
          { length: Math.max(cells.length, columns.length) },
          (_, index) => [keys.own(index), cells[index] ?? ""] as const,
        ),
        ...ENRICHMENT_COLUMNS.map((column, index) => [keys.added[index] ?? column, enrichment[column]] as const),
      ]),
  };
};

/**
 * The writer of an export.
 * @param columns the user's own
 * @param width cells of the widest row; CSV only
 */
export const rowWriter = (format: ExportFormat, columns: readonly string[], width: number): RowWriter =>
  format === "csv" ? csvWriter(columns, width) : jsonlWriter(columns);
