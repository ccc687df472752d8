import * as z from "zod";
import type { ProductField } from "../products/product.ts";

/** Fields whose changes are recorded. */
export const HISTORY_FIELDS = [
  "current_price",
  "availability_type",
  "title",
] as const satisfies readonly ProductField[];

/** One of them. */
export const HistoryFieldSchema = z.enum(HISTORY_FIELDS);
export type HistoryField = z.infer<typeof HistoryFieldSchema>;
