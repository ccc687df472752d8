import type { RowLayout } from "../../../core/catalogs/ingest/columns/row-layout.ts";
import type { TableShape } from "../../../core/catalogs/ingest/rows/uneven-row.ts";

/** One record as it is in the file. */
export interface RawRow {
  /** Line on which it starts, from 1. */
  readonly line: number;
  readonly cells: string[];
  /** Why it is no record at all, such as a line that is no JSON; undefined for all others. */
  readonly broken: string | undefined;
  /** Whether a quote in it was taken for text; absent for no. */
  readonly isRepaired?: true;
  /** Cells of each of its lines by itself, as if no quote were open; absent when it is a single line. */
  readonly lines?: readonly (readonly string[])[];
}

/** Reads one format. What is known about the columns may grow while rows are read. */
export interface RowReader {
  /** The records in file order, some hundred at a time. Read once. */
  rows(): AsyncIterable<readonly RawRow[]>;
  readonly layout: RowLayout;
  readonly columns: readonly string[];
  /** How the table is made; undefined for what is none. */
  readonly shape?: TableShape | undefined;
  /** What its user should know about how the file was taken, once it is read. */
  readonly notes?: readonly string[];
  /** Name and shop (by code) that the document gives for the whole catalog; null when it gives none. */
  readonly name: string | null;
  readonly marketplace: string | null;
}
