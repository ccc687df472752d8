import * as z from "zod";

const LineSchema = z.object({
  message: z.literal("slot ended"),
  limit_key: z.string(),
  epoch: z.number(),
  sequence: z.number(),
  slot_ms: z.number(),
  granted_ms: z.number(),
  guard_ms: z.number(),
  end: z.string(),
  late_ms: z.number().optional(),
  round_trip_ms: z.number().nullish(),
});

/** A slot of the limiter as functions log its end at level DEBUG. */
export type LoggedSlot = z.infer<typeof LineSchema>;

/** Ends of slots in which no request was sent. */
const UNSENT: ReadonlySet<string> = new Set(["late", "unused"]);

/** Whether a call was made in the slot. */
export const isUsed = ({ end }: LoggedSlot): boolean => !UNSENT.has(end);

/** The slots in a log, each once, by their time. */
export const readSlots = (log: string): LoggedSlot[] => {
  const slots = new Map<string, LoggedSlot>();
  for (const line of log.split("\n")) {
    const start = line.indexOf("{");
    if (start < 0 || !line.includes('"slot ended"')) continue;
    const slot = LineSchema.parse(JSON.parse(line.slice(start)));
    // A report that is repeated is logged again.
    slots.set(`${slot.limit_key} ${slot.epoch} ${slot.sequence}`, slot);
  }
  return [...slots.values()].sort((one, other) => one.slot_ms - other.slot_ms);
};
