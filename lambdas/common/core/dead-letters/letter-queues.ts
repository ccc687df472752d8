import * as z from "zod";
import { jsonText } from "../text/json-text.ts";

/** Names of the queues whose dead letters are kept, as the API and the stack's outputs name them. */
export const LetterQueueSchema = z.enum([
  "enrich",
  "enrich-express",
  "ingest",
  "exports",
  "requests",
  "reactions",
  "refresh",
  "webhooks",
  "caption-parsed",
  "thumbnail-generated",
  "events",
  "product-changes",
  "outcomes",
  "webhook-changes",
  "broadcasts",
  "product-notices",
]);
export type LetterQueue = z.infer<typeof LetterQueueSchema>;

/** What a dead-letter queue holds, and so where a redrive sends it. */
export type LetterKind =
  /** Messages of a queue of ours: they go back to it. */
  | { readonly kind: "messages" }
  /** Events that a rule's target did not take: each names the target that it goes to. */
  | { readonly kind: "events" }
  /** Places in a stream, without the record: nothing can be sent from them. `instead` says what makes up for it. */
  | { readonly kind: "places"; readonly instead: string };

interface LetterQueueFacts {
  /** Component of the alarm `<component>/DlqNotEmpty`. */
  readonly component: string;
  readonly holds: LetterKind;
}

const MESSAGES: LetterKind = { kind: "messages" };
const places = (instead: string): LetterKind => ({ kind: "places", instead });

/** Every dead-letter queue of the product. One without a line here does not synthesize. */
export const LETTER_QUEUES: Readonly<Record<LetterQueue, LetterQueueFacts>> = {
  enrich: { component: "EnrichQueue", holds: MESSAGES },
  "enrich-express": { component: "EnrichExpressQueue", holds: MESSAGES },
  ingest: { component: "IngestQueue", holds: MESSAGES },
  exports: { component: "ExportsQueue", holds: MESSAGES },
  requests: { component: "RequestsQueue", holds: MESSAGES },
  reactions: { component: "ReactionsQueue", holds: MESSAGES },
  refresh: { component: "RefreshQueue", holds: MESSAGES },
  webhooks: { component: "WebhooksQueue", holds: MESSAGES },
  "caption-parsed": { component: "CaptionParsedQueue", holds: MESSAGES },
  "thumbnail-generated": { component: "ThumbnailGeneratedQueue", holds: MESSAGES },
  events: { component: "UndeliveredEvents", holds: { kind: "events" } },
  "product-changes": {
    component: "ProductsStream",
    holds: places("The next write of each product records what still holds."),
  },
  outcomes: {
    component: "OutcomesStream",
    holds: places("Status and products are stored; who waited for the event reads them by the API."),
  },
  "webhook-changes": {
    component: "WebhookStreams",
    holds: places("The next change of each product is sent; receivers read the products by the API."),
  },
  broadcasts: {
    component: "Broadcasts",
    holds: places("Viewers have polled since, or come back for a snapshot."),
  },
  "product-notices": {
    component: "ProductNotices",
    holds: places("Shops list the new products; subscribers of the topic read them there."),
  },
};

const BY_COMPONENT = new Map(
  LetterQueueSchema.options.map((queue) => [LETTER_QUEUES[queue].component, queue] as const),
);

/** The queue whose dead letters an alarm is about. @throws Error for a component that has no line above */
export const letterQueueOf = (component: string): LetterQueue => {
  const queue = BY_COMPONENT.get(component);
  if (queue === undefined) {
    throw new Error(`the dead-letter queue of ${component} has no line in core/dead-letters/letter-queues.ts`);
  }
  return queue;
};

/** A dead-letter queue as the function that reads it knows it, by physical names. */
export interface LetterSource {
  readonly name: LetterQueue;
  readonly dlq: string;
  /** The queue that its messages come from; null: none of ours. */
  readonly queue: string | null;
  /** Log group of who reads that queue; null: nobody of ours does. */
  readonly logs: string | null;
}

const orNull = (name: string | undefined): string | null => (name === undefined || name === "" ? null : name);

/**
 * The dead-letter queues of a stage as an environment has them: by name `[dead-letter queue, queue, log group]`, physical names. Short,
 * because Lambda takes 4 KB of variables.
 */
export const LetterSourcesJsonSchema = jsonText(
  z.partialRecord(LetterQueueSchema, z.tuple([z.string().min(1), z.string(), z.string()])),
).transform((sources): readonly LetterSource[] =>
  Object.entries(sources).map(([name, names]) => ({
    name: LetterQueueSchema.parse(name),
    dlq: names?.[0] ?? "",
    queue: orNull(names?.[1]),
    logs: orNull(names?.[2]),
  })),
);
