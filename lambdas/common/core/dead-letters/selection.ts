import * as z from "zod";
import { IsoTimeSchema } from "../iso-time.ts";
import { AsinSchema } from "../products/asin.ts";
import { type Letter, LetterIdSchema } from "./letter.ts";
import { LetterQueueSchema } from "./letter-queues.ts";

/** Ids that one request names at most. */
export const MAX_LETTER_IDS = 1_000;

/** What letters must have in common. At least one member; several narrow it down. */
export const LetterFilterSchema = z
  .strictObject({
    error_code: z.string().min(1).max(200).optional().describe("Only those with this error."),
    catalog_id: z.string().min(1).max(200).optional().describe("Only those of this catalog."),
    asin: AsinSchema.optional().describe("Only those that name this product."),
    older_than: IsoTimeSchema.optional().describe("Only those that were found dead before this time."),
    newer_than: IsoTimeSchema.optional().describe("Only those that were found dead at this time or later."),
  })
  .meta({ id: "DeadLetterFilter" });
export type LetterFilter = z.infer<typeof LetterFilterSchema>;

/** Which letters a redrive or a discard is about: by ids, by a filter, or all of a queue where that is said. */
export const LetterSelectionSchema = z.object({
  queue: LetterQueueSchema.nullable(),
  message_ids: z.array(LetterIdSchema).nullable(),
  filter: LetterFilterSchema.nullable(),
  all: z.boolean(),
});
export type LetterSelection = z.infer<typeof LetterSelectionSchema>;

/** Whether a filter says anything. */
export const isEmptyFilter = (filter: LetterFilter): boolean =>
  Object.values(filter).every((value) => value === undefined);

/** Whether a letter has what a filter asks for. */
export const matchesFilter = (letter: Letter, filter: LetterFilter): boolean =>
  (filter.error_code === undefined || letter.error.code === filter.error_code) &&
  (filter.catalog_id === undefined || letter.catalog_id === filter.catalog_id) &&
  (filter.asin === undefined || letter.asins.includes(filter.asin)) &&
  (filter.older_than === undefined || letter.dead_at < filter.older_than) &&
  (filter.newer_than === undefined || letter.dead_at >= filter.newer_than);

/** Whether a letter is among those that a selection names. */
export const isSelected = (letter: Letter, selection: LetterSelection): boolean =>
  (selection.queue === null || letter.queue === selection.queue) &&
  (selection.filter === null || matchesFilter(letter, selection.filter));
