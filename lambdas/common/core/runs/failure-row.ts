import * as z from "zod";
import { IsoTimeSchema } from "../iso-time.ts";

/** A product that failed in a run, as the `failures` table keeps it. */
export interface ProductFailure {
  readonly tracking_id: string;
  /** `<marketplace>#<asin>` */
  readonly product_key: string;
  readonly catalog_id: string;
  /** The batch that it belongs to, so that a retry finds it. */
  readonly batch_id: string;
  readonly error_code: string;
  /** Source that answered last, null when none was asked. */
  readonly source: string | null;
  /** The source's own code and words. */
  readonly raw_code: string;
  readonly message: string;
  readonly attempts: number;
  readonly failed_at: string;
}

/** A failure as it is stored. */
export const FailureRowSchema = z.object({
  tracking_id: z.string(),
  product_key: z.string(),
  catalog_id: z.string(),
  batch_id: z.string(),
  error_code: z.string(),
  source: z.string().nullable(),
  raw_code: z.string(),
  message: z.string(),
  attempts: z.number().int().min(0),
  /** Last seen. */
  failed_at: IsoTimeSchema,
  first_seen_at: IsoTimeSchema,
  /** When a retry reopened the product; absent once it failed again. */
  retrying_since: IsoTimeSchema.optional(),
  /** When a retry succeeded, or the reopened product was cancelled. */
  closed_at: IsoTimeSchema.optional(),
});
export type FailureRow = z.infer<typeof FailureRowSchema>;
