import * as z from "zod";
import { EVENT_VERSION } from "./event-names.ts";

const ENVELOPE = {
  id: z
    .string()
    .min(1)
    .max(128)
    .describe("The same for every delivery of this event: a receiver that has handled it may drop it."),
  version: z.literal(EVENT_VERSION).describe("Version of this shape."),
  time: z.iso.datetime().describe("When it happened, UTC."),
  correlation_id: z.string().min(1).max(128).describe("Leads to the log lines of the work that the event is about."),
};

/** The detail of an event: an envelope that is the same for all, around `data`. */
export const eventDetail = <Data extends z.ZodType>(data: Data) => z.object({ ...ENVELOPE, data });

/** The detail of an event, whatever its data. */
export interface EventDetail<Data> {
  readonly id: string;
  readonly version: typeof EVENT_VERSION;
  readonly time: string;
  readonly correlation_id: string;
  readonly data: Data;
}
