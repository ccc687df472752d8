import type { EventName } from "./event-names.ts";
import type { EventData } from "./event-schemas.ts";

/** An event to put on the bus. */
export type OutgoingEvent<Name extends EventName = EventName> = {
  [One in Name]: {
    readonly name: One;
    /** What makes it this event and no other of its name: the id is made of it, so that it is the same when it is sent again. */
    readonly identity: readonly (string | number)[];
    /** When it happened. */
    readonly time: string;
    readonly correlation_id: string;
    readonly data: EventData<One>;
  };
}[Name];
