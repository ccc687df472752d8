import type { DeadLetterQueues } from "../../adapters/sqs/dead-letter-queues.ts";
import type { Letter } from "../../core/dead-letters/letter.ts";
import { LETTER_QUEUES, type LetterSource } from "../../core/dead-letters/letter-queues.ts";
import { REDRIVE_ATTRIBUTE, redriveMark } from "../../core/dead-letters/redrive-mark.ts";
import { parseJson } from "../../core/parse-json.ts";

/** Attributes that EventBridge writes on what it could not deliver; its next delivery has others. */
const OF_EVENT_BRIDGE: ReadonlySet<string> = new Set([
  "RULE_ARN",
  "TARGET_ARN",
  "ERROR_CODE",
  "ERROR_MESSAGE",
  "EXHAUSTED_RETRY_CONDITION",
  "RETRY_ATTEMPTS",
]);
/** SQS takes no more of them with a message. */
const MAX_ATTRIBUTES = 10;

/** Where a letter would be sent, or why it cannot be: a sentence. */
export type LetterRoute = { readonly queue: string } | { readonly refused: string };

const nameOf = (arn: string | undefined): string | undefined => arn?.split(":").at(-1);

/** What a function was invoked with, out of what Lambda keeps of an invocation; undefined for all else. */
const invokedWith = (body: string): unknown => {
  const json = parseJson(body);
  return typeof json === "object" && json !== null && "requestPayload" in json ? json.requestPayload : undefined;
};

/** The queue that reacts to what a function was invoked with. */
const reactions = (sources: readonly LetterSource[]): string | null =>
  sources.find(({ name }) => name === "reactions")?.queue ?? null;

const routeOfEvent = ({ attributes }: Letter, sources: readonly LetterSource[], body: string): LetterRoute => {
  const target = nameOf(attributes.TARGET_ARN?.value);
  const queue = sources.find((source) => source.queue !== null && source.queue === target)?.queue;
  if (queue) return { queue };
  const reacting = reactions(sources);
  if (reacting && invokedWith(body) !== undefined) return { queue: reacting };
  return {
    refused:
      "Its target is no queue of this stage: the event is in the bus's archive for 7 days, and a replay of it delivers it again.",
  };
};

/** Where a letter goes when it is redriven. */
export const routeOf = (letter: Letter, sources: readonly LetterSource[], body: string): LetterRoute => {
  const { holds } = LETTER_QUEUES[letter.queue];
  if (holds.kind === "places") {
    return {
      refused: `It says where records of a stream lay, which keeps them for a day, and not what was in them. ${holds.instead} Discard it.`,
    };
  }
  if (Object.keys(letter.attributes).length >= MAX_ATTRIBUTES) {
    return {
      refused: "It has 10 attributes of its own, so the one that tells its outcome has no room: send it by hand.",
    };
  }
  if (holds.kind === "events") return routeOfEvent(letter, sources, body);
  const queue = sources.find(({ name }) => name === letter.queue)?.queue ?? null;
  return queue === null ? { refused: `This stage has no queue ${letter.queue} any more.` } : { queue };
};

/** Sends a letter to its queue, marked with its attempt. */
export type SendLetter = (letter: Letter, body: string, queue: string) => Promise<void>;

/** The event that a function was invoked with, where the letter is an invocation. */
const unwrapped = (letter: Letter, body: string): string => {
  const event = letter.queue === "events" ? invokedWith(body) : undefined;
  return event === undefined ? body : JSON.stringify(event);
};

/** Builds the sender over the queues of a stage. */
export const createSendLetter =
  (queues: Pick<DeadLetterQueues, "send">): SendLetter =>
  async (letter, body, queue) => {
    const own = Object.entries(letter.attributes).filter(([name]) => !OF_EVENT_BRIDGE.has(name));
    const mark = redriveMark({ letterId: letter.letter_key, attempt: letter.attempt });
    await queues.send(queue, {
      body: unwrapped(letter, body),
      attributes: { ...Object.fromEntries(own), [REDRIVE_ATTRIBUTE]: { type: "String", value: mark } },
      groupId: letter.group_id,
    });
  };
