import { createHash } from "node:crypto";
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { EventDetail } from "../../core/contract/events/event-detail.ts";
import { EVENT_SOURCE, EVENT_VERSION } from "../../core/contract/events/event-names.ts";
import type { OutgoingEvent } from "../../core/contract/events/outgoing-event.ts";
import { utf8Bytes } from "../../core/text/bounded-text.ts";

/** Entries that EventBridge takes in one call. @see PutEvents in the EventBridge API */
const MAX_ENTRIES = 10;
/** Bytes that it takes in one call, all entries together. */
const MAX_BYTES = 256 * 1_024;
/** What EventBridge counts for the time of an entry. @see Calculating PutEvents event entry size */
const TIME_BYTES = 14;
/** 128 bits tell events apart for ever. */
const ID_CHARACTERS = 32;

/** An event as it is put on the bus. */
export interface Entry extends PutEventsRequestEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** The same for the same event, however often it is made. */
const idOf = ({ name, identity }: OutgoingEvent): string =>
  `evt_${createHash("sha256")
    .update(JSON.stringify([name, ...identity]))
    .digest("hex")
    .slice(0, ID_CHARACTERS)}`;

/** The entry of an event. */
export const entryOf = (event: OutgoingEvent, bus: string): Entry => {
  const { name, time, correlation_id, data } = event;
  const detail: EventDetail<unknown> = { id: idOf(event), version: EVENT_VERSION, time, correlation_id, data };
  return {
    ...{ EventBusName: bus, Source: EVENT_SOURCE, DetailType: name },
    ...{ Time: new Date(time), Detail: JSON.stringify(detail) },
  };
};

const bytesOf = ({ Source, DetailType, Detail }: Entry): number =>
  TIME_BYTES + utf8Bytes(Source) + utf8Bytes(DetailType) + utf8Bytes(Detail);

/** Whether an entry fits into a call at all. */
export const fits = (entry: Entry): boolean => bytesOf(entry) <= MAX_BYTES;

/** Entries in the groups that one call takes, in their order. */
export const callsOf = (entries: readonly Entry[]): Entry[][] => {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = bytesOf(entry);
    const last = calls.at(-1);
    if (last && last.length < MAX_ENTRIES && bytes + size <= MAX_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      calls.push([entry]);
      bytes = size;
    }
  }
  return calls;
};
