import { VirtualClock } from "../../../bench/shared/virtual-clock.ts";
import type { QueuedBatch } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import type { Clock } from "../../../lambdas/common/core/clock.ts";
import { StoreRateLimiter } from "../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import type { RawRecord } from "../../../lambdas/common/platform/sqs/queue-record.ts";
import { createEnrichProducts } from "../../../lambdas/enrich-batch/enrich/enrich-products.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { Seeded } from "../../../local/faults/seeded.ts";
import { aBatch, anItem, aRun, asinNumber, NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter, silentUsage } from "../../helpers/silent.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";
import { MemoryLimitStore } from "../common/core/limiter/memory-limit-store.ts";
import { fakeSource } from "../common/sources/chain/fakes.ts";

/** Who takes part, and what may go wrong. */
export interface CompanySetting {
  readonly seed: number;
  readonly workers: number;
  /** The queue that they read. @default "express" */
  readonly lane?: "express" | "bulk";
  /** Messages that one request gives at most: SQS often gives fewer than there are. */
  readonly receives: number;
  /** Whether workers receive messages themselves. @default true */
  readonly hasCompany?: boolean;
  /** Share of invocations that die on their way, 0 to 1. @default 0 */
  readonly deaths?: number;
  /** Share of received answers that are lost, 0 to 1. @default 0 */
  readonly lostAnswers?: number;
  /** Share of timers that ring 60 ms late, so that calls miss their slots, 0 to 1. @default 0 */
  readonly lateTimers?: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
  visibleAtMs: number;
}

const VISIBILITY_MS = 90_000;
const FUNCTION_MS = 60_000;
const RECEIVED_HIDDEN_MS = 30_000;
/** Messages that the event source of a queue hands over at a time, as in the pipeline stack. */
const MESSAGES = { express: 2, bulk: 10 } as const;
const LATE_MS = 60;

/** Workers over one queue, in virtual time: the handler, the chain and the limiter are the product's own. */
export class CompanyWorld {
  readonly clock = new VirtualClock(NOON);
  readonly stores = new ConsumerWorld();
  /** ASINs of each upstream call. */
  readonly calls: (readonly string[])[] = [];
  /** Receives of messages that were delivered too often, and so would be dead letters. */
  deadLetters = 0;
  /** Requests of workers for further messages. */
  requests = 0;
  /** Milliseconds from upload to the first product, by run. */
  readonly firstAfterMs = new Map<string, number>();
  readonly #setting: CompanySetting;
  readonly #random: Seeded;
  readonly #limits: MemoryLimitStore;
  readonly #uploadedAtMs = new Map<string, number>();
  #messages: Message[] = [];
  #ids = 0;
  #sent = 0;

  constructor(setting: CompanySetting) {
    this.#setting = setting;
    this.#random = new Seeded(setting.seed);
    this.#limits = new MemoryLimitStore(() => this.clock.sleep(3));
    for (let n = 0; n < setting.workers; n += 1) void this.#work();
  }

  /** A catalog of `products` new products is posted after `afterMs`. */
  upload(products: number, afterMs: number, options: Partial<ReturnType<typeof aRun>["options"]> = {}): void {
    const n = ++this.#ids;
    const ids = { catalog_id: `cat_${n}`, tracking_id: `enrich_cat_${n}_1` };
    const items = Array.from({ length: products }, (_, i) => anItem({ asin: asinNumber(n * 100 + i) }));
    const row = aBatch({ ...ids, batch_id: `${ids.tracking_id}#0000001`, owner_id: `user-${n % 5}`, items });
    const counts = { uploaded: products, pending: products, express: true };
    const run = aRun({ catalog_id: ids.catalog_id, batch_id: ids.tracking_id, ...counts });
    void this.clock.sleep(Math.max(1, afterMs)).then(() => {
      this.#uploadedAtMs.set(run.batch_id, this.clock.now());
      this.stores.add({ ...run, options: { ...run.options, ...options } }, row);
      this.#send({ message: batchMessageFor(row), delaySeconds: 0 });
    });
  }

  /** Lets time pass until every run is closed and the queue is empty. */
  async finish(): Promise<void> {
    const isOver = (): boolean =>
      this.stores.runs.size === this.#ids &&
      [...this.stores.runs.values()].every((run) => run.open_shard === undefined) &&
      this.#messages.length === 0;
    await this.clock.run(isOver, 20_000);
  }

  get #lane(): "express" | "bulk" {
    return this.#setting.lane ?? "express";
  }

  get idsPerCall(): number {
    return this.calls.flat().length / this.calls.length;
  }

  #send({ message, delaySeconds }: QueuedBatch): void {
    const visibleAtMs = this.clock.now() + delaySeconds * 1_000;
    this.#sent += 1;
    this.#messages.push({ id: `m-${this.#sent}`, body: JSON.stringify(message), receives: 0, visibleAtMs });
  }

  async #receive(most: number, waitMs: number, hiddenMs: number): Promise<RawRecord[]> {
    const endMs = this.clock.now() + waitMs;
    for (;;) {
      const limit = 1 + Math.floor(Math.min(most, this.#setting.receives) * this.#random.next());
      const visible = this.#messages.filter(({ visibleAtMs }) => visibleAtMs <= this.clock.now()).slice(0, limit);
      for (const message of visible) {
        message.receives += 1;
        message.visibleAtMs = this.clock.now() + hiddenMs;
        if (message.receives > 5) this.deadLetters += 1;
      }
      if (visible.length > 0 || this.clock.now() >= endMs)
        return visible.map(({ id, body, receives }) => ({
          ...{ messageId: id, receiptHandle: id, body, attributes: { ApproximateReceiveCount: String(receives) } },
        }));
      await this.clock.sleep(20);
    }
  }

  #delete(ids: readonly string[]): void {
    this.#messages = this.#messages.filter(({ id }) => !ids.includes(id));
  }

  async #work(): Promise<void> {
    for (;;) {
      await this.clock.sleep(10 + 90 * this.#random.next());
      const Records = await this.#receive(MESSAGES[this.#lane], 20_000, VISIBILITY_MS);
      if (Records.length === 0) continue;
      const isDead = this.#random.next() < (this.#setting.deaths ?? 0);
      const diesAtMs = isDead ? this.clock.now() + 4_000 * this.#random.next() : Number.POSITIVE_INFINITY;
      const endMs = this.clock.now() + FUNCTION_MS;
      const context = { getRemainingTimeInMillis: () => Math.max(0, endMs - this.clock.now()) };
      const work = this.#handler(diesAtMs)({ Records }, context);
      const answer = await Promise.race([work, this.#death(diesAtMs)]);
      if (!answer) continue;
      const open = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      this.#delete(Records.map(({ messageId }) => messageId).filter((id) => !open.includes(id)));
    }
  }

  async #death(atMs: number): Promise<undefined> {
    if (atMs === Number.POSITIVE_INFINITY) return new Promise(() => undefined);
    await this.clock.sleep(atMs - this.clock.now());
    return undefined;
  }

  /** A function instance. From `diesAtMs` on nothing that it asks for happens or is answered. */
  #handler(diesAtMs: number) {
    const step = async (ms: number): Promise<void> => {
      await this.clock.sleep(ms);
      if (this.clock.now() >= diesAtMs) await new Promise(() => undefined);
    };
    const lateMs = (): number => (this.#random.next() < (this.#setting.lateTimers ?? 0) ? LATE_MS : 0);
    const clock: Clock = {
      now: () => this.clock.now(),
      sleep: (ms) => (ms > 0 ? step(ms + lateMs()) : Promise.resolve()),
    };
    let owners = 0;
    const instance = this.#random.next();
    const newId = (): string => `worker-${instance}-${++owners}`;
    const limiter = new StoreRateLimiter({ store: this.#limits, clock, ids: newId, onStateChange: () => undefined });
    const source = fakeSource({ id: "creators-api" });
    const { fetchProducts } = source.client;
    const client = {
      ...source.client,
      fetchProducts: async (request: { marketplace: string; asins: readonly string[] }, signal: AbortSignal) => {
        const answer = await fetchProducts(request, signal);
        this.calls.push(request.asins);
        await step(200 + 200 * this.#random.next());
        return answer;
      },
    };
    const base = this.stores.deps();
    const { recorder, batches, runs } = base;
    const enrich = createEnrichProducts({
      readSources: async () => [{ ...source, client }],
      forgetSecret: () => undefined,
      limiter,
      products: {
        getKnown: async () => {
          await step(5);
          return new Map();
        },
      },
      archive: { put: async () => "raw" },
      counters: { count: async () => undefined },
      cacheCounters: { count: async () => undefined },
      ...{ priority: this.#lane, upstreamTimeoutMs: 30_000, clock, log: silentLog, meter: silentMeter },
      usage: silentUsage,
    });
    const receive = async (most: number, waitSeconds: number): Promise<RawRecord[]> => {
      this.requests += 1;
      await step(10);
      const received = await this.#receive(most, waitSeconds * 1_000, RECEIVED_HIDDEN_MS);
      await step(10);
      if (this.#random.next() < (this.#setting.lostAnswers ?? 0)) throw new Error("the answer is lost");
      return received;
    };
    const queue = {
      changeVisibility: async (handle: string, seconds: number) => {
        await step(5);
        for (const message of this.#messages)
          if (message.id === handle) message.visibleAtMs = this.clock.now() + seconds * 1_000;
      },
      changeVisibilities: async (handles: readonly string[], seconds: number) => {
        await step(5);
        for (const message of this.#messages)
          if (handles.includes(message.id)) message.visibleAtMs = this.clock.now() + seconds * 1_000;
      },
      remove: async (handles: readonly string[]) => {
        await step(5);
        this.#delete(handles);
      },
    };
    const deps = this.stores.deps({
      ...{ enrich, clock, newId, functionTimeoutMs: FUNCTION_MS },
      batchQueue: {
        send: async (_queue: string, sent: readonly QueuedBatch[]) => {
          await step(5);
          for (const one of sent) this.#send(one);
        },
      } as typeof base.batchQueue,
      ownQueue: queue as unknown as typeof base.ownQueue,
      companyQueue: this.#setting.hasCompany === false ? undefined : { receive },
      batches: Object.assign(Object.create(batches), {
        claim: async (request: Parameters<typeof batches.claim>[0]) => {
          await step(5);
          return batches.claim(request);
        },
      }) as typeof batches,
      recorder: Object.assign(Object.create(recorder), {
        record: async (outcome: Parameters<typeof recorder.record>[0]) => {
          await step(15);
          const changes = await recorder.record(outcome);
          this.#noteFirst(outcome.run.batch_id);
          return changes;
        },
      }) as typeof recorder,
      runs: Object.assign(Object.create(runs), {
        getRuns: async (keys: Parameters<typeof runs.getRuns>[0]) => {
          await step(5);
          return runs.getRuns(keys);
        },
      }) as typeof runs,
    });
    return createHandler(deps);
  }

  #noteFirst(run: string): void {
    if (!this.firstAfterMs.has(run) && (this.stores.runs.get(run)?.enriched ?? 0) > 0)
      this.firstAfterMs.set(run, this.clock.now() - (this.#uploadedAtMs.get(run) ?? 0));
  }
}
