import type { SweptProducts } from "../common/adapters/dynamodb/products/ended-products.ts";
import type { SourceId } from "../common/core/source-ids.ts";

/** What one pass removed, for the log. */
export interface SweepReport {
  products: number;
  /** Fields by the source that they were from. */
  fields: Partial<Record<SourceId, number>>;
  exports: number;
  raw_answers: number;
  /** Raw answers by their source. */
  raw: Partial<Record<SourceId, number>>;
  /** Rows whose content could not be removed for good; the log names each. */
  passed_over: number;
}

/** Nothing yet. */
export const emptyReport = (): SweepReport => ({
  products: 0,
  fields: {},
  exports: 0,
  raw_answers: 0,
  raw: {},
  passed_over: 0,
});

/** Adds what was taken out of the table. @throws what kept the rest from it */
export const addProducts = (report: SweepReport, { products, fields, fault }: SweptProducts): void => {
  report.products += products;
  for (const [source, count] of Object.entries(fields)) {
    report.fields[source as SourceId] = (report.fields[source as SourceId] ?? 0) + count;
  }
  if (fault !== undefined) throw fault;
};
