import * as z from "zod";
import { plainImage } from "../../common/adapters/dynamodb/stream-image.ts";
import { type BatchItem, type BatchRow, BatchRowSchema } from "../../common/core/batches/batch-row.ts";
import { type RunRow, RunRowSchema } from "../../common/core/runs/run-row.ts";

/** What Lambda hands over of the stream of `enrichment-status`. */
export const StatusStreamSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string().min(1),
        OldImage: z.record(z.string(), z.unknown()).optional(),
        NewImage: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
  ),
});
type StatusRecord = z.infer<typeof StatusStreamSchema>["Records"][number];

/** A product that ended by a write of its batch. */
export interface EndedProduct {
  /** The batch as it was written. */
  readonly batch: BatchRow;
  readonly item: BatchItem;
}

/** What ended by some records, all runs that were written, and the records that cannot be read. */
export interface Outcomes {
  readonly products: readonly EndedProduct[];
  readonly runs: readonly RunRow[];
  /** Runs as they were written, in their order, whether they ended or not. */
  readonly written: readonly RunRow[];
  readonly unreadable: readonly { readonly sequenceNumber: string; readonly problem: string }[];
}

/** A batch before its write, as far as it is compared. */
const EarlierBatchSchema = BatchRowSchema.pick({ items: true });
/** A run has this key as long as anything of it is open; a cancelled one until its last batch is settled. */
const EarlierRunSchema = RunRowSchema.pick({ open_shard: true });
const RowTypeSchema = z.looseObject({ row_type: z.string() });

const endedIn = (before: readonly BatchItem[], batch: BatchRow): EndedProduct[] =>
  batch.items.flatMap((item, index) => {
    const isEnd = item.state === "enriched" || item.state === "failed";
    return isEnd && before[index]?.state !== item.state ? [{ batch, item }] : [];
  });

const NOTHING = { products: [], runs: [], written: [] };

/** @throws ZodError when an image is none of ours */
const read = ({ OldImage, NewImage }: StatusRecord["dynamodb"]): Omit<Outcomes, "unreadable"> => {
  // Deletions tell of no outcome; nothing has ended in a row that is new.
  if (!NewImage || !OldImage) return NOTHING;
  const row = plainImage(NewImage);
  const before = plainImage(OldImage);
  switch (RowTypeSchema.parse(row).row_type) {
    case "batch":
      return {
        products: endedIn(EarlierBatchSchema.parse(before).items, BatchRowSchema.parse(row)),
        runs: [],
        written: [],
      };
    case "run": {
      const run = RunRowSchema.parse(row);
      const hasEnded = run.open_shard === undefined && EarlierRunSchema.parse(before).open_shard !== undefined;
      return { products: [], runs: hasEnded ? [run] : [], written: [run] };
    }
    default:
      return NOTHING;
  }
};

/** Finds what ended, by comparing each row with what it was before its write. The same record gives the same a second time. */
export const readOutcomes = (records: readonly StatusRecord[]): Outcomes => {
  const products: EndedProduct[] = [];
  const runs: RunRow[] = [];
  const written: RunRow[] = [];
  const unreadable: { sequenceNumber: string; problem: string }[] = [];
  for (const { dynamodb } of records) {
    try {
      const found = read(dynamodb);
      products.push(...found.products);
      runs.push(...found.runs);
      written.push(...found.written);
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      unreadable.push({ sequenceNumber: dynamodb.SequenceNumber, problem });
    }
  }
  return { products, runs, written, unreadable };
};
