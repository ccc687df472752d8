import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { ContentCountStore } from "../../../lambdas/common/adapters/dynamodb/content-ends/content-counts.ts";
import { ContentEnds } from "../../../lambdas/common/adapters/dynamodb/content-ends/content-ends.ts";
import { Revocations } from "../../../lambdas/common/adapters/dynamodb/content-ends/revocations.ts";
import { SweptCounts } from "../../../lambdas/common/adapters/dynamodb/content-ends/swept-counts.ts";
import { ExportStore } from "../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { ProductHistory } from "../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { EndedProducts } from "../../../lambdas/common/adapters/dynamodb/products/ended-products.ts";
import { ProductStore } from "../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { parseStoredRow } from "../../../lambdas/common/adapters/dynamodb/products/stored-row.ts";
import type { RevokedSources } from "../../../lambdas/common/core/licences/revocations/without-revoked.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { Deps } from "../../../lambdas/sweep-expired/deps.ts";
import { createHandler } from "../../../lambdas/sweep-expired/handler.ts";
import type { SweepReport } from "../../../lambdas/sweep-expired/sweep-report.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { LICENCES } from "../../helpers/rights.ts";
import { NOON } from "../../helpers/rows.ts";
import { silentLog } from "../../helpers/silent.ts";

/** Few, so that lists have pages. */
const OBJECTS_PER_PAGE = 3;

/** Tables and objects of a stage whose clock is in the hands of the test. */
export class SweepWorld {
  nowMs = NOON;
  readonly dynamo = new MemoryDynamo({
    products: { keys: ["product_key"] },
    "content-ends": { keys: ["ends_hour", "ends_at_id"] },
    operations: { keys: ["operation_key"] },
    "product-history": { keys: ["product_key", "changed_at_field"] },
  });
  readonly #client: DynamoDBDocumentClient;
  /** Called before every command to a table, with its name, and before every removal of objects. */
  onCommand: (table?: string) => void = () => {};
  /** Awaited before every command to a table and every call of the bucket: the place where another pass may come first. */
  gate: () => Promise<unknown> = async () => {};
  readonly clock = { now: () => this.nowMs, sleep: async () => {} };
  readonly ends: ContentEnds;
  readonly store: ProductStore;
  readonly products: EndedProducts;
  readonly revocations: Revocations;
  readonly counts: ContentCountStore;
  readonly swept: SweptCounts;
  readonly exports: ExportStore;
  readonly history: ProductHistory;
  #ids = 0;
  /** Objects by key, with the time at which each was written. */
  readonly objects = new Map<string, number>();

  constructor() {
    const plain = this.dynamo.client();
    const send = async (command: { readonly input: { readonly TableName?: string } }): Promise<unknown> => {
      await this.gate();
      this.onCommand(command.input.TableName);
      return plain.send(command as never);
    };
    this.#client = { send } as unknown as DynamoDBDocumentClient;
    this.ends = new ContentEnds(this.#client, "content-ends", this.clock);
    this.revocations = new Revocations(this.#client, "content-ends", this.clock);
    this.counts = new ContentCountStore(this.#client, "content-ends");
    this.swept = new SweptCounts(this.#client, "content-ends");
    this.history = new ProductHistory(this.#client, "product-history");
    this.exports = new ExportStore(this.#client, "operations");
    this.store = this.newStore(() => this.revocations.revoked());
    this.products = new EndedProducts(this.#client, "products", { licences: LICENCES, clock: this.clock });
  }

  /** A store as an instance has it that believes these sources to be revoked. */
  newStore(revoked: () => Promise<RevokedSources>): ProductStore {
    const rights = { licences: LICENCES, clock: this.clock, ends: this.ends, revoked };
    return new ProductStore(this.#client, "products", rights, silentLog);
  }

  /** Stores products as consumers do. */
  async save(...products: Product[]): Promise<void> {
    const raw = products.map((product) => ({ product, raw_keys: ["raw/creators-api/d/1", "raw/keepa/d/2"] }));
    await this.store.saveMany(raw.map((one) => ({ ...one, refresh_until: null })));
  }

  /** Writes a row of what ends as it is. */
  async putEnd(item: object): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: "content-ends", Item: item }));
  }

  /** Writes an item of the table of products as it is, without a note of its end. */
  async put(item: object): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: "products", Item: item }));
  }

  /** Writes an item of the recorded changes as it is. */
  async putHistory(item: object): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: "product-history", Item: item }));
  }

  /** An item with what is packed in it. */
  item(key: string): Record<string, unknown> | undefined {
    const item = this.dynamo.items("products").find(({ product_key }) => product_key === key);
    const row = item && parseStoredRow(item);
    return row?.success ? { ...item, ...row.data, raw_keys: row.rawKeys } : item;
  }

  /** One pass. */
  sweep(overrides: Partial<Deps> = {}): Promise<SweepReport> {
    const remove = async (key: string) => this.objects.delete(key);
    return createHandler({
      licences: LICENCES,
      ends: this.ends,
      products: this.products,
      history: this.history,
      revocations: this.revocations,
      counts: this.counts,
      swept: this.swept,
      exports: this.exports,
      objects: {
        remove,
        removeAll: async (keys) => {
          await this.gate();
          this.onCommand();
          for (const key of keys) await remove(key);
        },
        listPage: async (prefix, after) => {
          await this.gate();
          const keys = [...this.objects.keys()]
            .filter((key) => key.startsWith(prefix) && (after === null || key > after))
            .sort()
            .slice(0, OBJECTS_PER_PAGE);
          return { keys, next: keys.at(-1) ?? null };
        },
        removeBeside: async (key) => {
          const folder = key.slice(0, key.lastIndexOf("/") + 1);
          for (const one of [...this.objects.keys()]) if (one.startsWith(folder) && one !== key) await remove(one);
        },
        removeRaw: async (source, beforeMs) => {
          await this.gate();
          const old = [...this.objects].filter(([key, at]) => key.startsWith(`raw/${source}/`) && at <= beforeMs);
          await this.gate();
          for (const [key] of old) await remove(key);
          return { removed: old.length, isDone: true };
        },
      },
      clock: this.clock,
      newId: () => String(++this.#ids).padStart(16, "0"),
      log: silentLog,
      ...overrides,
    })();
  }
}
