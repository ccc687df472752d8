import * as z from "zod";

/**
 * What a run used of what AWS charges for, as attributes of its row. Absent: nothing was counted, as in rows of older versions.
 * The names are short because the row is written with every record, and writes are paid for by the KB.
 */
export const RunUsageSchema = z.object({
  /** Write request units of DynamoDB. */
  used_wu: z.number().min(0).optional(),
  /** Read request units of DynamoDB, in halves. */
  used_ru: z.number().min(0).optional(),
  /** Memory (GB) times time (ms) of functions. */
  used_gb_ms: z.number().min(0).optional(),
  used_calls: z.number().min(0).optional(),
  /** Requests to SQS, those of the poller included. */
  used_sqs: z.number().min(0).optional(),
  /** Writes and lists of S3. */
  used_put: z.number().min(0).optional(),
  used_get: z.number().min(0).optional(),
  used_secret: z.number().min(0).optional(),
  /** Events of products that ended. */
  used_event: z.number().min(0).optional(),
  /** Tokens of Keepa, which AWS does not charge for. */
  used_keepa: z.number().min(0).optional(),
});
export type RunUsage = z.infer<typeof RunUsageSchema>;

const NAMES = Object.keys(RunUsageSchema.shape) as (keyof RunUsage)[];

/** The counts of two usages together; what is nothing in both is left out. */
export const addRunUsage = (one: RunUsage, other: RunUsage): RunUsage =>
  Object.fromEntries(
    NAMES.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)] as const).filter(([, sum]) => sum > 0),
  );
