import * as z from "zod";
import { AsinSchema } from "../../products/asin.ts";
import { ItemRequestSchema } from "../item-request.ts";

/** Rows between two entries of a segment's index: a batch range costs at most two such stretches to read. */
export const SEGMENT_INDEX_EVERY = 500;

const Count = z.number().int().min(0);

/** One line of a segment file, `products/<n>.ndjson`: a distinct product and the line it first stood on. */
export const SegmentRowSchema = z.object({
  asin: AsinSchema,
  sku: z.string().optional(),
  line: z.number().int().positive(),
  /** Of a product that was requested by an event. */
  request: ItemRequestSchema.optional(),
});
export type SegmentRow = z.infer<typeof SegmentRowSchema>;

/** Index of a segment file: where in it each `every`-th row starts, in bytes. */
export const SegmentIndexSchema = z.object({
  every: z.number().int().positive(),
  /** Byte offsets of rows 0, `every`, 2 × `every`, … */
  offsets: z.array(Count),
  /** Size of the segment file. */
  bytes: Count,
  /** Rows of the segment file. */
  products: Count,
});
export type SegmentIndex = z.infer<typeof SegmentIndexSchema>;

/** What became of a row that is not blank. */
export const RowVerdictSchema = z.enum(["valid", "duplicate", "invalid"]);
export type RowVerdict = z.infer<typeof RowVerdictSchema>;

/** One line of `rows.ndjson`: a row as it was, in the order of the file. */
export const CatalogFileRowSchema = z.object({
  /** Line of the file on which the record starts, from 1. */
  line: z.number().int().positive(),
  verdict: RowVerdictSchema,
  /** `<marketplace>#<asin>`; absent on an invalid row. */
  product_key: z.string().optional(),
  /** Why the row is invalid. */
  reason: z.string().optional(),
  /** Whether leading zeros were put back; absent means no. */
  repaired: z.literal(true).optional(),
  /** The user's text, unchanged, by column; may be shorter or longer than the list of columns. */
  cells: z.array(z.string()),
});
export type CatalogFileRow = z.infer<typeof CatalogFileRowSchema>;

/** One line of `rejects.ndjson`: a row that was not accepted. */
export const RejectedRowSchema = z.object({
  line: z.number().int().min(1).describe("Line of the file on which the row starts, from 1."),
  value: z.string().describe("The text that was refused, its first 100 characters."),
  reason: z.string().describe("Why, in plain words with the fix."),
});
export type RejectedRow = z.infer<typeof RejectedRowSchema>;
