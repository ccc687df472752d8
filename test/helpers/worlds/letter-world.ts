import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { LetterJobStore } from "../../../lambdas/common/adapters/dynamodb/dead-letters/letter-job-store.ts";
import { LetterStore } from "../../../lambdas/common/adapters/dynamodb/dead-letters/letter-store.ts";
import { SubjectRows } from "../../../lambdas/common/adapters/dynamodb/dead-letters/subject-rows.ts";
import type { DeadMessage, RepeatedMessage } from "../../../lambdas/common/adapters/sqs/dead-letter-queues.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { JOBS_KEY, type LetterJob, NO_LETTERS } from "../../../lambdas/common/core/dead-letters/letter-job.ts";
import type { LetterSource } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import type { LetterSelection } from "../../../lambdas/common/core/dead-letters/selection.ts";
import type { CollectDeps } from "../../../lambdas/common/services/dead-letters/collect-letters.ts";
import type { LetterWork } from "../../../lambdas/common/services/dead-letters/letter-work.ts";
import { createSendLetter } from "../../../lambdas/common/services/dead-letters/send-letter.ts";
import { MemoryDynamo } from "../memory/memory-dynamo.ts";
import { silentLog } from "../silent.ts";

export const SOURCES: readonly LetterSource[] = [
  { name: "enrich", dlq: "enrich-dlq", queue: "enrich", logs: "/logs/enrich" },
  { name: "broadcasts", dlq: "broadcasts-dlq", queue: null, logs: null },
];
const TABLES = {
  status: "status",
  operations: "operations",
  refreshJobs: "jobs",
  staging: "staging",
  shopProducts: "shop",
  webhooks: "webhooks",
};

/** A batch message of batch `number` in generation 1. */
export const batchBody = (number: number): string =>
  JSON.stringify({
    version: 1,
    catalog_id: "cat_1",
    tracking_id: "run_1",
    batch_id: `run_1#${number}`,
    generation: 1,
    user_id: "u1",
    marketplace: "www.amazon.com",
    products: [{ asin: `B0LETTER0${number}` }],
    correlation_id: `c${number}`,
  });

/** Queues, tables and a consumer of batches, all in memory, with time of their own. */
export class LetterWorld {
  nowMs = Date.UTC(2026, 7, 1, 12);
  /** What lies in each queue, by physical name. */
  readonly messages = new Map<string, DeadMessage[]>();
  /** How often each batch was enriched. */
  readonly enriched = new Map<string, number>();
  readonly dynamo: MemoryDynamo;
  #ids = 0;

  constructor(gate?: () => Promise<void>) {
    this.dynamo = new MemoryDynamo(
      {
        letters: { keys: ["letter_key", "part"], indexes: { "letters-by-time": ["list_key", "list_place"] } },
        status: { keys: ["catalog_id", "batch_id"] },
        operations: { keys: ["operation_key"] },
        jobs: { keys: ["refresh_date", "job_id"] },
        staging: { keys: ["video_id", "seller_handle"] },
        shop: { keys: ["seller_handle", "video_id"] },
        webhooks: { keys: ["webhook_key", "entry_key"] },
      },
      gate,
    );
  }

  readonly clock = {
    now: () => this.nowMs,
    sleep: async (ms: number) => {
      this.nowMs += Math.max(0, ms);
    },
  };

  put(queue: string, message: Partial<DeadMessage> & Pick<DeadMessage, "body">): DeadMessage {
    this.#ids += 1;
    const id = `m-${this.#ids}`;
    const whole: DeadMessage = {
      ...{ messageId: id, receiptHandle: id, attributes: {}, sentAtMs: this.nowMs, receiveCount: 5, groupId: null },
      ...message,
    };
    this.messages.set(queue, [...(this.messages.get(queue) ?? []), whole]);
    return whole;
  }

  /** Nothing is hidden: every message may be delivered at any time to several, as SQS may do. */
  readonly queues = {
    receive: async (name: string): Promise<DeadMessage[]> => (this.messages.get(name) ?? []).slice(0, 10),
    remove: async (name: string, handles: readonly string[]): Promise<void> => {
      const left = (this.messages.get(name) ?? []).filter(({ receiptHandle }) => !handles.includes(receiptHandle));
      this.messages.set(name, left);
    },
    send: async (name: string, message: RepeatedMessage): Promise<void> => {
      this.put(name, message);
    },
  };

  /** What one process works with; `wrap` may let it die. */
  process(
    wrap: <T extends object>(target: T) => T = (target) => target,
  ): LetterWork & CollectDeps & { readonly letters: LetterStore } {
    const client = this.dynamo.client();
    const queues = wrap(this.queues);
    const jobs = wrap(new LetterJobStore(client, "letters"));
    return {
      letters: wrap(new LetterStore(client, "letters")),
      jobs: {
        get: (...given) => jobs.get(...given),
        listActive: () => jobs.listActive(),
        lease: (...given) => jobs.lease(...given),
        advance: (...given) => jobs.advance(...given),
        release: (...given) => jobs.release(...given),
        // It only reads, and a generator cannot be wrapped.
        allItems: (...given) => this.jobStore.allItems(...given),
      },
      subjects: wrap(new SubjectRows(client, TABLES)),
      ...{ queues, sources: SOURCES, clock: this.clock, log: silentLog },
      sendLetter: createSendLetter(queues),
      newId: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
    };
  }

  get store(): LetterStore {
    return new LetterStore(this.dynamo.client(), "letters");
  }

  get jobStore(): LetterJobStore {
    return new LetterJobStore(this.dynamo.client(), "letters");
  }

  /** A row of a batch that is open in generation 1. */
  async openBatch(number: number, row: object = {}): Promise<void> {
    const items = [{ asin: `B0LETTER0${number}`, state: "pending" }];
    const Item = { catalog_id: "cat_1", batch_id: `run_1#${number}`, generation: 1, state: "queued", items, ...row };
    await this.dynamo.client().send(new PutCommand({ TableName: "status", Item }));
  }

  async job(selection: Partial<LetterSelection>, job: Partial<LetterJob> = {}): Promise<LetterJob> {
    this.#ids += 1;
    const row: LetterJob = {
      letter_key: JOBS_KEY,
      part: `dlj_${String(this.#ids).padStart(26, "0")}`,
      ...{ kind: "redrive", state: "running", is_active: true, limit: null, rate_per_second: 10 },
      selection: { queue: null, message_ids: null, filter: null, all: false, ...selection },
      requested_by: "operator",
      requested_at: isoTime(this.nowMs),
      ...{ stopped_by: null, stopped_at: null, finished_at: null, moved_at: null },
      position: { place: null, ids: 0 },
      ...NO_LETTERS,
      ...{ lease_owner: null, lease_until: null },
      updated_at: isoTime(this.nowMs),
      expires_at: 4_000_000_000,
      ...job,
    };
    await this.jobStore.create(row);
    return row;
  }

  /**
   * Delivers one message of the queue to a consumer of batches, as the real one works: the row decides. A message that cannot be worked on
   * goes the way to the dead-letter queue, as a new message.
   */
  async consume({ fails = false, redelivers = false } = {}): Promise<void> {
    const [message] = this.messages.get("enrich") ?? [];
    if (!message) return;
    if (!redelivers) await this.queues.remove("enrich", [message.receiptHandle]);
    if (fails) {
      this.put("enrich-dlq", { body: message.body, attributes: message.attributes });
      return;
    }
    const { batch_id } = JSON.parse(message.body);
    const client = this.dynamo.client();
    const Key = { catalog_id: "cat_1", batch_id };
    const { Item } = await client.send(new GetCommand({ TableName: "status", Key }));
    if (!Item || Item.state === "completed") return;
    this.enriched.set(batch_id, (this.enriched.get(batch_id) ?? 0) + 1);
    const items = [{ ...(Item.items as object[])[0], state: "enriched" }];
    await client.send(new PutCommand({ TableName: "status", Item: { ...Item, state: "completed", items } }));
  }
}
