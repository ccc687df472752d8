import * as z from "zod";
import { IsoTimeSchema } from "../iso-time.ts";
import { FailureGroupIdSchema } from "../runs/failure-group-id.ts";
import { TrialSchema } from "./trial.ts";

/** What people do with a group; `tried` is how a trial ended, which nobody does. */
export const GroupEventNameSchema = z.enum(["try", "stop", "tried", "resolve", "ignore", "reopen"]);
export type GroupEventName = z.infer<typeof GroupEventNameSchema>;

/** One line of a group's history. */
export const GroupEventSchema = z.object({
  at: IsoTimeSchema,
  /** User; null: by itself. */
  by: z.string().nullable(),
  event: GroupEventNameSchema,
  note: z.string().nullable(),
});
export type GroupEvent = z.infer<typeof GroupEventSchema>;

/** What somebody made of a group. */
export const KeptStateSchema = z.enum(["open", "resolved", "ignored"]);
export type KeptState = z.infer<typeof KeptStateSchema>;

/**
 * What people did with a failure group, within their reach. Counts are not in it: runs count. A group that nobody did
 * anything with has no row.
 */
export const FailureGroupRowSchema = z.object({
  group_id: FailureGroupIdSchema,
  state: KeptStateSchema,
  /** Since when it has this state. */
  since: IsoTimeSchema,
  /** End of ignoring; null: none. */
  ignored_until: IsoTimeSchema.nullable(),
  /** Newest last. */
  history: z.array(GroupEventSchema),
  /** The last one. */
  trial: TrialSchema.nullable(),
  /** Rises with every write; every write is conditional on it. */
  version: z.number().int().min(0),
});
export type FailureGroupRow = z.infer<typeof FailureGroupRowSchema>;

/** Lines that a row keeps: far below what an item may hold. The log has all of them. */
const MAX_HISTORY = 100;

/** The history with further lines. */
export const withEvents = (history: readonly GroupEvent[], ...events: readonly GroupEvent[]): GroupEvent[] =>
  [...history, ...events].slice(-MAX_HISTORY);

/** A group that nobody did anything with. */
export const untouched = (groupId: string, since: string): FailureGroupRow => ({
  group_id: groupId,
  state: "open",
  since,
  ignored_until: null,
  history: [],
  trial: null,
  version: 0,
});
