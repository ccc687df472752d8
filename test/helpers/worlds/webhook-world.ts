import { WebhookDeliveries } from "../../../lambdas/common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import { WebhookEndpoints } from "../../../lambdas/common/adapters/dynamodb/webhooks/webhook-endpoints.ts";
import { WebhookTurns } from "../../../lambdas/common/adapters/dynamodb/webhooks/webhook-turns.ts";
import { WebhookWindows } from "../../../lambdas/common/adapters/dynamodb/webhooks/webhook-windows.ts";
import type { QueuedWebhook } from "../../../lambdas/common/adapters/sqs/webhook-queue.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { type Endpoint, newEndpoint } from "../../../lambdas/common/core/webhooks/endpoint.ts";
import { RunNewsSchema, runsToTell } from "../../../lambdas/common/core/webhooks/run-events.ts";
import type { WebhookMessage } from "../../../lambdas/common/core/webhooks/webhook-message.ts";
import { newWebhookSecret } from "../../../lambdas/common/platform/webhooks/new-webhook-secret.ts";
import type { PostOutcome, WebhookPost } from "../../../lambdas/common/platform/webhooks/post-webhook.ts";
import { SecretSeal } from "../../../lambdas/common/services/webhooks/secret-seal.ts";
import type { Deps } from "../../../lambdas/deliver-webhooks/deps.ts";
import { createHandler } from "../../../lambdas/deliver-webhooks/handler.ts";
import { testCursors } from "../cursors.ts";
import { MemoryDynamo, type MemoryTable } from "../memory/memory-dynamo.ts";
import { NOON } from "../rows.ts";
import { silentLog } from "../silent.ts";

/** The table `webhooks` with its index. */
export const WEBHOOKS_TABLE: MemoryTable = {
  keys: ["webhook_key", "entry_key"],
  indexes: { "due-deliveries": ["due_shard", "due_at"] },
};

interface Waiting {
  readonly message: WebhookMessage;
  readonly atMs: number;
}

const context = { getRemainingTimeInMillis: () => 60_000 };

/** `deliver-webhooks` on a table and a queue in memory, with the clock and the endpoints in our hands. */
export class WebhookWorld {
  nowMs = NOON;
  readonly dynamo: MemoryDynamo;
  /** What was sent to endpoints, in its order. */
  readonly posts: (WebhookPost & { readonly atMs: number })[] = [];
  readonly counted: string[] = [];
  readonly logged: string[] = [];
  readonly secrets = new Map<string, string>();
  /** Users who were removed. */
  readonly gone = new Set<string>();
  /** How endpoints answer. */
  answer: (post: WebhookPost) => PostOutcome | Promise<PostOutcome> = () => ({ status: 200, error: null });
  /** Whether the queue loses a message: then it was never sent. */
  loses: (message: WebhookMessage) => boolean = () => false;
  /** Messages of an invocation, 1 to 10. Those of one share the clock: one that waits takes the others with it. */
  batchSize = 10;
  readonly deps: Deps;
  /** With what only the API does. */
  readonly deliveries: WebhookDeliveries;
  readonly seal = new SecretSeal(testCursors());
  waiting: Waiting[] = [];
  readonly #handle: ReturnType<typeof createHandler>;
  #ids = 0;

  constructor(gate: () => Promise<void> = async () => {}, wrap: (deps: Deps) => Deps = (deps) => deps) {
    this.dynamo = new MemoryDynamo({ webhooks: WEBHOOKS_TABLE }, gate);
    const documents = this.dynamo.client();
    this.deliveries = new WebhookDeliveries(documents, "webhooks");
    const log = (...line: unknown[]): void => void this.logged.push(JSON.stringify(line));
    this.deps = wrap({
      endpoints: new WebhookEndpoints(documents, "webhooks"),
      deliveries: this.deliveries,
      sendRights: new WebhookTurns(documents, "webhooks"),
      windows: new WebhookWindows(documents, "webhooks"),
      queue: {
        send: async (messages: readonly QueuedWebhook[]) => {
          for (const { message, delaySeconds } of messages) {
            if (!this.loses(message)) this.waiting.push({ message, atMs: this.nowMs + delaySeconds * 1_000 });
          }
        },
      },
      ownQueue: { changeVisibility: async () => {}, changeVisibilities: async () => {}, remove: async () => {} },
      owners: { isPresent: async ({ userId }) => !this.gone.has(userId) },
      seal: this.seal,
      post: async (post) => {
        this.posts.push({ ...post, atMs: this.nowMs });
        return this.answer(post);
      },
      random: () => 0.5,
      newId: () => {
        this.#ids += 1;
        return `id${this.#ids}`;
      },
      clock: {
        now: () => this.nowMs,
        sleep: async (ms) => {
          this.nowMs += Math.max(0, ms);
        },
      },
      meter: { count: (name) => void this.counted.push(name), duration: () => {}, gauge: () => {}, flush: () => {} },
      log: { ...silentLog, info: log, warn: log, error: log, during: (_fields, work) => work() },
    });
    this.#handle = createHandler(this.deps);
  }

  /** Makes an endpoint of user `u1`, and remembers its secret. */
  async endpoint(changes: Partial<Endpoint> = {}, userId = "u1"): Promise<Endpoint> {
    const count = this.secrets.size;
    const webhook_id = changes.webhook_id ?? `whk_${String(count).padStart(16, "0")}`;
    const secret = newWebhookSecret();
    this.secrets.set(webhook_id, secret);
    const sealed = await this.seal.seal({ userId, webhookId: webhook_id }, secret);
    const asked = { webhook_id, url: `https://r${count}.example.com/`, events: ["catalog.completed" as const] };
    const endpoint = { ...newEndpoint(asked, sealed, this.nowMs), ...changes };
    await this.deps.endpoints.change(userId, (endpoints) => [...endpoints, endpoint]);
    return endpoint;
  }

  /** The endpoints of user `u1` as they are stored. */
  endpoints(): Promise<readonly Endpoint[]> {
    return this.deps.endpoints.list("u1");
  }

  /** Delivers what `publish-events` sends of runs that were written. What fails comes back. */
  async runs(...rows: readonly RunRow[]): Promise<void> {
    await this.deliver(runsToTell(rows).map((row) => ({ version: 1, kind: "run", run: RunNewsSchema.parse(row) })));
  }

  /** Hands the function what the stream tells of products. */
  async products(atMs: number, ...keys: readonly string[]): Promise<void> {
    await this.#handle(
      {
        Records: keys.map((key) => ({
          dynamodb: { Keys: { product_key: { S: key } }, ApproximateCreationDateTime: Math.floor(atMs / 1_000) },
        })),
      },
      context,
    );
  }

  async schedule(): Promise<void> {
    await this.#handle({}, context);
  }

  /** Delivers messages as one batch; those that fail come back. @returns how many failed */
  async deliver(messages: readonly WebhookMessage[]): Promise<number> {
    if (messages.length === 0) return 0;
    const Records = messages.map((message, index) => ({
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: "1" },
    }));
    const answer = await this.#handle({ Records }, context);
    const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const [index, message] of messages.entries()) {
      if (failed.has(`m${index}`)) this.waiting.push({ message, atMs: this.nowMs + 10_000 });
    }
    return failed.size;
  }

  /** Lets time pass: delivers each message when it is visible, and calls the schedule every minute. */
  async pass(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    let tick = Math.floor(this.nowMs / 60_000) * 60_000 + 60_000;
    while (this.nowMs < end) {
      const next = this.waiting.toSorted((one, other) => one.atMs - other.atMs)[0];
      const at = Math.min(end, tick, next?.atMs ?? end);
      this.nowMs = Math.max(this.nowMs, at);
      const visible = this.waiting.filter(({ atMs }) => atMs <= this.nowMs).slice(0, this.batchSize);
      this.waiting = this.waiting.filter((one) => !visible.includes(one));
      if (visible.length > 0) await this.deliver(visible.map(({ message }) => message));
      if (this.nowMs >= tick) {
        await this.schedule();
        tick += 60_000;
      }
    }
  }

  /** Headers and bodies of what an endpoint was sent. */
  sentTo({
    url,
  }: Pick<Endpoint, "url">): { id: string; body: Record<string, unknown>; headers: WebhookPost["headers"] }[] {
    return this.posts
      .filter((post) => post.url === url)
      .map(({ headers, body }) => ({ id: headers["webhook-id"] ?? "", body: JSON.parse(body), headers }));
  }
}
