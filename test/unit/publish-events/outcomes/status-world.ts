import { marshall } from "@aws-sdk/util-dynamodb";
import type { BatchRow } from "../../../../lambdas/common/core/batches/batch-row.ts";
import type { OutgoingEvent } from "../../../../lambdas/common/core/contract/events/outgoing-event.ts";
import { TransientError } from "../../../../lambdas/common/core/errors.ts";
import { licenceBook } from "../../../../lambdas/common/core/licences/licence-book.ts";
import type { Product } from "../../../../lambdas/common/core/products/product.ts";
import type { RunRow } from "../../../../lambdas/common/core/runs/run-row.ts";
import type { WebhookMessage } from "../../../../lambdas/common/core/webhooks/webhook-message.ts";
import type { Deps } from "../../../../lambdas/publish-events/deps.ts";
import { createHandler } from "../../../../lambdas/publish-events/handler.ts";
import { NOON } from "../../../helpers/rows.ts";
import { silentLog } from "../../../helpers/silent.ts";

/** The time so many milliseconds after noon. */
export const at = (ms: number): string => new Date(NOON + ms).toISOString();

/** What the stream of `enrichment-status` says of a write. */
export const record = (before: BatchRow | RunRow | undefined, after: BatchRow | RunRow | undefined) => ({
  eventName: before ? "MODIFY" : "INSERT",
  dynamodb: {
    SequenceNumber: "1",
    Keys: marshall({ catalog_id: "cat_1", batch_id: "x" }),
    ...(before ? { OldImage: marshall(before, { removeUndefinedValues: true }) } : {}),
    ...(after ? { NewImage: marshall(after, { removeUndefinedValues: true }) } : {}),
  },
});

/** `publish-events` on that stream, with bus and queue in memory. */
export class StatusWorld {
  readonly published: OutgoingEvent[] = [];
  readonly read: string[] = [];
  products: readonly Product[] = [];
  failures: readonly { readonly product_key: string; readonly message: string }[] = [];
  counted = 0;
  isAway = false;
  /** What was sent to the queue of webhooks. */
  readonly handedOn: WebhookMessage[] = [];
  isQueueAway = false;
  hasWebhooks = true;
  readonly deps: Deps;

  constructor(acknowledged: Parameters<typeof licenceBook>[0] = {}) {
    const never = () => Promise.reject(new Error("the stream of products is another one"));
    this.deps = {
      products: {
        getMany: async (keys: readonly string[]) => {
          this.read.push(...keys);
          return new Map(this.products.map((product) => [product.product_id, product]));
        },
      },
      failures: {
        getMany: async (tracking_id: string) => this.failures.map((row) => ({ tracking_id, ...row }) as never),
      },
      bus: {
        publish: async (events) => {
          if (this.isAway) throw new TransientError("the bus is away");
          this.published.push(...events);
        },
      },
      webhooks: {
        send: async (messages) => {
          if (this.isQueueAway) throw new TransientError("the queue is away");
          this.handedOn.push(...messages.map(({ message }) => message));
        },
      },
      licences: licenceBook(acknowledged),
      history: { latest: never },
      sinks: [{ take: never }],
      log: silentLog,
      meter: {
        ...{ duration: () => undefined, gauge: () => undefined, flush: () => undefined },
        count: (_: string, value: number) => {
          this.counted += value;
        },
      },
    };
  }

  deliver(...records: unknown[]): Promise<void> {
    const { webhooks, ...others } = this.deps;
    return createHandler({ ...others, webhooks: this.hasWebhooks ? webhooks : undefined })({ Records: records });
  }
}
