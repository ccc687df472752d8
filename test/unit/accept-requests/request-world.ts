import { createHandler } from "../../../lambdas/accept-requests/handler.ts";
import { RequestCatalogs } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/request-catalogs.ts";
import { RequestClaims } from "../../../lambdas/common/adapters/dynamodb/operations/request-claims.ts";
import type { OutgoingEvent } from "../../../lambdas/common/core/contract/events/outgoing-event.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { asinNumber, NOON } from "../../helpers/rows.ts";
import { silentLog } from "../../helpers/silent.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

/** A good request for the product of this number, with an id of its own. */
export const request = (number: number, overrides: Record<string, unknown> = {}) => ({
  ...{ asin: asinNumber(number), region: "US", request_id: `r-${number}`, retry_count: 0 },
  ...overrides,
});

/** The message that EventBridge puts on the queue. */
export const message = (data: unknown, id = `m-${JSON.stringify(data)}`.slice(0, 100)) =>
  JSON.stringify({
    ...{ version: "0", id, source: "shop.example", "detail-type": "ProductEnrichmentRequested", time: "x" },
    detail: { id: "e-1", version: 1, time: "2026-11-29T12:00:00.000Z", correlation_id: "corr-sender", data },
  });

/** `accept-requests` on tables and files in memory, with what it dispatched, published, logged and counted. */
export class RequestWorld {
  readonly tables = new MemoryDynamo({
    status: { keys: ["catalog_id", "batch_id"] },
    operations: { keys: ["operation_key"] },
  });
  readonly files = new Map<string, string>();
  readonly dispatched: RunRow[] = [];
  readonly published: OutgoingEvent[] = [];
  readonly logged: unknown[] = [];
  readonly counted: Record<string, number> = {};
  disabled = new Set<string>();
  ids = 0;
  isAway = false;
  /** What happens right before a catalog is written. */
  before: () => Promise<void> = async () => undefined;

  async deliver(...bodies: readonly string[]): Promise<string[]> {
    const client = this.tables.client();
    const catalogs = new RequestCatalogs(client, "status");
    const handler = createHandler({
      queue: {
        changeVisibility: async () => undefined,
        changeVisibilities: async () => undefined,
        remove: async () => undefined,
      },
      claims: new RequestClaims(client, "operations"),
      catalogs: {
        create: async (...args) => {
          await this.before();
          if (this.isAway) throw new TransientError("the table is away");
          await catalogs.create(...args);
        },
      },
      openSink: (prefix) => this.#sink(prefix),
      dispatcher: {
        topUp: async (runs = []) => {
          this.dispatched.push(...runs);
          return 0;
        },
      },
      shops: async () => ({ disabled: this.disabled }),
      bus: { publish: async (events) => void this.published.push(...events) },
      clock: { now: () => NOON, sleep: async () => undefined },
      newId: () => {
        this.ids += 1;
        return String(this.ids).padStart(7, "0").padEnd(16, "0");
      },
      log: { ...silentLog, warn: (line, extra) => void this.logged.push({ line, ...extra }) },
      meter: {
        ...{ duration: () => undefined, gauge: () => undefined, flush: () => undefined },
        count: (name: string, value: number) => {
          this.counted[name] = (this.counted[name] ?? 0) + value;
        },
      },
    });
    const Records = bodies.map((body, index) => ({
      ...{ messageId: `id-${index}`, receiptHandle: `h-${index}`, body },
      attributes: { ApproximateReceiveCount: "1" },
    }));
    const { batchItemFailures } = await handler({ Records }, CONTEXT);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  #sink(prefix: string) {
    const keys: string[] = [];
    return {
      open: (name: string) => {
        const key = prefix + name;
        let text = "";
        return {
          key,
          write: async (bytes: Uint8Array) => {
            text += Buffer.from(bytes).toString();
          },
          close: async () => {
            keys.push(key);
            this.files.set(key, text);
          },
        };
      },
      abort: async () => {
        for (const key of keys) this.files.delete(key);
      },
    };
  }

  rows(type: string) {
    return this.tables.items("status").filter(({ row_type }) => row_type === type);
  }

  /** What the dispatcher reads of all catalogs. */
  products() {
    return [...this.files]
      .filter(([key]) => /products\/\d+\.ndjson$/.test(key))
      .flatMap(([, text]) => text.trim().split("\n"))
      .map((line) => JSON.parse(line));
  }
}
