import * as z from "zod";
import { plainImage } from "../common/adapters/dynamodb/stream-image.ts";
import {
  type CatalogProgress,
  isNews,
  ProgressRowSchema,
  progressOfRun,
} from "../common/core/live/catalog-progress.ts";
import { type Channel, catalogChannel } from "../common/core/live/channels.ts";

/** What Lambda hands over: records of one shard of a table's stream, in the order of their changes. */
export const StreamEventSchema = z.object({
  Records: z.array(
    z.object({
      eventName: z.string().optional(),
      dynamodb: z.object({
        SequenceNumber: z.string().min(1),
        NewImage: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
  ),
});
type StreamRecord = z.infer<typeof StreamEventSchema>["Records"][number];

/** What the listeners of a channel are to be sent. */
export interface Change {
  readonly channel: Channel;
  readonly message: CatalogProgress;
  /** Of the record; a failure is reported by it. */
  readonly sequenceNumber: string;
}

/** The changes that records tell of, and the records that cannot be read. */
export interface ReadChanges {
  readonly changes: readonly Change[];
  readonly unreadable: readonly { readonly sequenceNumber: string; readonly problem: string }[];
}

const RunImageSchema = ProgressRowSchema.extend({ row_type: z.literal("run") });

/**
 * Reads records. Of a catalog only the newest state is left: it says all that the earlier ones did, so a burst of records
 * costs one message. Records without an image are deletions, which tell listeners nothing.
 */
export const readChanges = (records: readonly StreamRecord[]): ReadChanges => {
  const newest = new Map<Channel, Change>();
  const unreadable: { sequenceNumber: string; problem: string }[] = [];
  for (const { dynamodb } of records) {
    if (!dynamodb.NewImage) continue;
    const parsed = RunImageSchema.safeParse(plainImage(dynamodb.NewImage));
    if (!parsed.success) {
      unreadable.push({ sequenceNumber: dynamodb.SequenceNumber, problem: z.prettifyError(parsed.error) });
      continue;
    }
    const message = progressOfRun(parsed.data);
    const channel = catalogChannel(message.catalog_id);
    if (isNews(newest.get(channel)?.message, message)) {
      newest.set(channel, { channel, message, sequenceNumber: dynamodb.SequenceNumber });
    }
  }
  return { changes: [...newest.values()], unreadable };
};
