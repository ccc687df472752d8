import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ProductHistory } from "../../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { ProductStore } from "../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { isoTime } from "../../../../lambdas/common/core/clock.ts";
import type { OutgoingEvent } from "../../../../lambdas/common/core/contract/events/outgoing-event.ts";
import type { HistoryField } from "../../../../lambdas/common/core/history/history-fields.ts";
import { seriesOf } from "../../../../lambdas/common/core/history/series.ts";
import type { LicenceBook } from "../../../../lambdas/common/core/licences/licence-book.ts";
import type { RevokedSources } from "../../../../lambdas/common/core/licences/revocations/without-revoked.ts";
import type { Product } from "../../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../../lambdas/common/core/source-ids.ts";
import { handleProducts } from "../../../../lambdas/publish-events/changes/handle-products.ts";
import { publishChanges } from "../../../../lambdas/publish-events/changes/publish-changes.ts";
import { recordHistory } from "../../../../lambdas/publish-events/changes/record-history.ts";
import { MemoryDynamo } from "../../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../../helpers/products.ts";
import { LICENCES, rightsAt } from "../../../helpers/rights.ts";
import { NOON } from "../../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../../helpers/silent.ts";

export const KEY = "www.amazon.com#B000000001";

/** The event that the stream of `products` gives for writes of these products. */
export const streamEvent = (...keys: readonly string[]) => ({
  Records: keys.map((key) => ({ eventName: "MODIFY", dynamodb: { Keys: { product_key: { S: key } } } })),
});

/** Tables of products and their history, with a clock in the hands of the test. */
export class HistoryWorld {
  nowMs = NOON;
  /** Writes of any table. */
  writes = 0;
  /** What was put on the bus. */
  readonly published: OutgoingEvent[] = [];
  /** Counts of failures, and the errors that were logged. */
  readonly failed: string[] = [];
  /** What the bus says to the next events. */
  bus = async (_events: readonly OutgoingEvent[]): Promise<void> => undefined;
  /** The rights of the stage; they may change while rows stay. */
  licences: LicenceBook;
  revoked: RevokedSources = new Set();
  readonly dynamo = new MemoryDynamo({
    products: { keys: ["product_key"] },
    "product-history": { keys: ["product_key", "changed_at_field"] },
  });
  readonly history: ProductHistory;
  readonly store: ProductStore;
  readonly #client: DynamoDBDocumentClient;

  constructor(licences: LicenceBook = LICENCES) {
    this.licences = licences;
    const client = this.dynamo.client();
    const send = (command: { constructor: { name: string } }): Promise<unknown> => {
      if (/^(Put|Update|Delete|Transact)/.test(command.constructor.name)) this.writes += 1;
      return client.send(command as never);
    };
    this.#client = { send } as unknown as DynamoDBDocumentClient;
    this.history = new ProductHistory(this.#client, "product-history");
    const rights = { ...rightsAt(() => this.nowMs), licences };
    this.store = new ProductStore(this.#client, "products", rights, silentLog);
  }

  /** A refresh: the product as this source gives it now. */
  async fetch(source: SourceId, fields: Partial<Product>): Promise<void> {
    const at = isoTime(this.nowMs);
    const product = aProduct({ last_refresh_at: at, updated_at: at, ...fields });
    const provenance = Object.fromEntries(
      Object.keys(product.provenance).map((field) => [field, { source, fetched_at: at }]),
    );
    await this.store.saveMany([{ product: { ...product, provenance }, raw_keys: [], refresh_until: null }]);
  }

  /** The stream delivers; by a worker of its own, if one is given. */
  deliver(event: unknown = streamEvent(KEY), history: Pick<ProductHistory, "latest" | "record"> = this.history) {
    const { store, licences } = this;
    const publish = async (events: readonly OutgoingEvent[]): Promise<void> => {
      await this.bus(events);
      this.published.push(...events);
    };
    const log = { ...silentLog, error: (message: string) => void this.failed.push(message) };
    const meter = { ...silentMeter, count: (name: string) => void this.failed.push(name) };
    const sinks = [
      publishChanges({ publish }, { licences, revoked: async () => this.revoked }),
      recordHistory(history),
    ];
    return handleProducts({ products: store, licences, history, sinks, log, meter })(event);
  }

  /** The series of a field as plain pairs of hours from the begin of the test and value. */
  async series(field: HistoryField): Promise<(readonly [hours: number, value: string | null])[]> {
    const to = isoTime(this.nowMs + 1);
    const { changes } = await this.history.list(KEY, to, 1_000);
    const points = seriesOf(
      changes,
      field,
      { from: null, to, public: false },
      { licences: this.licences, revoked: new Set() },
    );
    return points.map(({ at, value }) => [(Date.parse(at) - NOON) / 3_600_000, value] as const);
  }
}
