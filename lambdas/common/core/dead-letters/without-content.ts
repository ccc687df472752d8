import * as z from "zod";
import { parseJson } from "../parse-json.ts";
import type { LetterQueue } from "./letter-queues.ts";

/** Queues whose messages are events of products. All others carry keys, counts, or what users and shops sent us. */
const WITH_EVENTS: ReadonlySet<LetterQueue> = new Set(["events", "reactions"]);

/** What an event says of a product's variants in the words of a shop; nobody who reacts to events reads it. */
const OutcomeSchema = z.looseObject({
  detail: z.looseObject({ data: z.looseObject({ color_variants: z.array(z.unknown()) }) }),
});
const InvocationSchema = z.looseObject({ requestPayload: OutcomeSchema });

const withoutVariants = (event: z.infer<typeof OutcomeSchema>): unknown => ({
  ...event,
  detail: { ...event.detail, data: { ...event.detail.data, color_variants: null } },
});

/**
 * The body of a letter as it may be kept, in backups too: without what a licence could end. A letter is kept longer than the archive of
 * events, so it must not hold what that holds.
 */
export const withoutContent = (queue: LetterQueue, body: string): string => {
  if (!WITH_EVENTS.has(queue)) return body;
  const json = parseJson(body);
  const event = OutcomeSchema.safeParse(json);
  if (event.success) return JSON.stringify(withoutVariants(event.data));
  const invocation = InvocationSchema.safeParse(json);
  if (!invocation.success) return body;
  const { requestPayload, ...rest } = invocation.data;
  return JSON.stringify({ ...rest, requestPayload: withoutVariants(requestPayload) });
};
