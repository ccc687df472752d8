import type { RowLayout } from "../../../core/catalogs/ingest/row-layout.ts";

/** One record as it stands in the file. */
export interface RawRow {
  /** Line on which it starts, from 1. */
  readonly line: number;
  readonly cells: string[];
  /** Why it is no record at all, such as a line that is no JSON; undefined for all others. */
  readonly broken: string | undefined;
}

/** Reads one format. What is known about the columns may grow while rows are read. */
export interface RowReader {
  /** The records in file order, some hundred at a time. Read once. */
  rows(): AsyncIterable<readonly RawRow[]>;
  readonly layout: RowLayout;
  readonly columns: readonly string[];
  /** Name and shop (by code) that the document gives for the whole catalog; null when it gives none. */
  readonly name: string | null;
  readonly marketplace: string | null;
}
