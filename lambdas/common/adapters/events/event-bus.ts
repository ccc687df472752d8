import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { OutgoingEvent } from "../../core/contract/events/outgoing-event.ts";
import { METRICS } from "../../core/metric-names.ts";
import type { Log } from "../../platform/logger.ts";
import type { Meter } from "../../platform/metrics.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { untilNoneLeft } from "../aws/until-none-left.ts";
import { callsOf, type Entry, entryOf, fits } from "./event-entries.ts";

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;

/** What an event bus works with. */
export interface EventBusParts {
  readonly client: Pick<EventBridgeClient, "send">;
  /** Name of the stage's bus. */
  readonly busName: string;
  readonly log: Pick<Log, "error">;
  readonly meter: Pick<Meter, "count">;
  /** Waits so many milliseconds. @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** The stage's event bus. */
export class EventBus {
  readonly #parts: EventBusParts;

  constructor(parts: EventBusParts) {
    this.#parts = parts;
  }

  /**
   * Puts events on the bus, as many a call as it takes. It answers for each event by itself: those that it refuses are sent
   * again, alone. An event that is too large for any call is logged and counted, because no retry makes it smaller.
   * @throws TransientError when some could not be put; the others are on the bus then, and have the same ids the next time
   */
  async publish(events: readonly OutgoingEvent[]): Promise<void> {
    const entries = events.map((event) => entryOf(event, this.#parts.busName));
    for (const entry of entries) if (!fits(entry)) this.#giveUp(entry);
    await untilNoneLeft(
      entries.filter(fits),
      (open) => this.#publishOnce(open),
      { calls: ATTEMPTS, firstWaitMs: FIRST_WAIT_MS, sleep: this.#parts.sleep },
      (left) => `${left} events could not be put on the bus`,
    );
  }

  /** @returns entries that the bus refused */
  async #publishOnce(entries: readonly Entry[]): Promise<Entry[]> {
    const refused: Entry[] = [];
    for (const call of callsOf(entries)) {
      const answer = await this.#put(call);
      if (!answer.FailedEntryCount) continue;
      const failed = call.filter((_, index) => answer.Entries?.[index]?.ErrorCode !== undefined);
      // Not said which: then any may be missing, and a double one has the same id.
      refused.push(...(failed.length > 0 ? failed : call));
    }
    if (refused.length > 0) this.#parts.meter.count(METRICS.PUBLISH_FAILURES, refused.length);
    return refused;
  }

  async #put(call: readonly Entry[]) {
    try {
      return await withSdkErrors("putting events on the bus", () =>
        this.#parts.client.send(new PutEventsCommand({ Entries: [...call] })),
      );
    } catch (error) {
      this.#parts.meter.count(METRICS.PUBLISH_FAILURES, call.length);
      throw error;
    }
  }

  #giveUp({ DetailType, Detail }: Entry): void {
    this.#parts.meter.count(METRICS.PUBLISH_FAILURES, 1);
    this.#parts.log.error("an event is too large for the bus and nobody gets it", {
      event: DetailType,
      characters: Detail.length,
    });
  }
}
