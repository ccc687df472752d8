import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Deps } from "../../../lambdas/assemble-product/deps.ts";
import { createHandler as createAssembler } from "../../../lambdas/assemble-product/handler.ts";
import { ShopProducts } from "../../../lambdas/common/adapters/dynamodb/shop/shop-products.ts";
import { StagedAssemblies } from "../../../lambdas/common/adapters/dynamodb/shop/staged-assemblies.ts";
import { METRICS } from "../../../lambdas/common/core/metric-names.ts";
import type { Log } from "../../../lambdas/common/platform/logger.ts";
import type { RawRecord } from "../../../lambdas/common/platform/sqs/queue-record.ts";
import { createHandler as createSweeper } from "../../../lambdas/sweep-staging/handler.ts";
import { MemoryDynamo } from "../memory/memory-dynamo.ts";
import { silentLog } from "../silent.ts";

const STAGING = "staging";
const PRODUCTS = "products";
/** Where a worker dies: before or after its n-th step on a table, from 1. */
export interface Death {
  readonly step: number;
  readonly when: "before" | "after";
}

/** Body of a caption event. */
export const captionBody = (video: string, overrides: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    video_id: video,
    seller_handle: "anna",
    title: `Shirt of ${video}`,
    price: 19.99,
    sizes: ["S", "M"],
    tags: ["cotton"],
    confidence_score: 0.93,
    raw_caption: "A shirt, 19.99 only",
    timestamp: "2026-11-29T10:00:00Z",
    ...overrides,
  });

/** Body of a thumbnails event. */
export const thumbnailsBody = (video: string, overrides: Readonly<Record<string, unknown>> = {}): string => {
  const url = (place: number): string => `https://pictures.example.com/${video}/${place}.jpg`;
  return JSON.stringify({
    video_id: video,
    seller_handle: "anna",
    thumbnails: [1, 2, 3, 4, 5].map((place) => ({ url: url(place), width: 720, height: 1_280, timestamp: place * 2 })),
    primary_thumbnail: url(1),
    processing_metadata: {
      ...{ video_duration: 12.5, frames_analyzed: 300, thumbnails_generated: 5, processing_time_ms: 812 },
    },
    timestamp: "2026-11-29T10:00:05.000Z",
    ...overrides,
  });
};

/** A record of a queue of the shop line. */
export const shopRecord = (id: string, body: string, receives = 1): RawRecord => ({
  messageId: id,
  receiptHandle: `r-${id}`,
  body,
  attributes: { ApproximateReceiveCount: String(receives) },
});

/** The tables of the shop line in memory, and the functions over them, which may die at any step. */
export class ShopWorld {
  readonly dynamo: MemoryDynamo;
  nowMs = Date.UTC(2026, 10, 29, 12);
  /** What the stream of `shop-products` carries: a key for each product that was written. */
  readonly notices: string[] = [];
  /** Keys of rows that were marked as orphans, in order. */
  readonly marked: string[] = [];
  readonly warnings: { readonly message: string; readonly fields: Record<string, unknown> }[] = [];
  readonly counts = new Map<string, number>();
  /** The greatest count of orphans that was written for each hour. */
  readonly orphans = new Map<number, number>();
  readonly visibility: string[] = [];
  /** Calls of tables, in order. */
  readonly calls: string[] = [];
  /** Thrown by a call of a table in its place; undefined: the call goes through. */
  fault: (call: string) => Error | undefined = () => undefined;

  /** @param gate awaited before each step on a table, so that a test decides in which order steps happen */
  constructor(gate?: () => Promise<void>) {
    this.dynamo = new MemoryDynamo(
      {
        [STAGING]: { keys: ["video_id", "seller_handle"] },
        [PRODUCTS]: {
          keys: ["seller_handle", "video_id"],
          indexes: { "by-created": ["seller_handle", "created_at"] },
        },
      },
      gate,
    );
  }

  get staged() {
    return this.dynamo.items(STAGING);
  }
  get products() {
    return this.dynamo.items(PRODUCTS);
  }
  get shopProducts(): ShopProducts {
    return new ShopProducts(this.dynamo.client(), PRODUCTS);
  }
  get stagedAssemblies(): StagedAssemblies {
    return new StagedAssemblies(this.dynamo.client(), STAGING);
  }

  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** @returns ids of messages that come back; undefined when the worker died */
  async assemble(records: readonly RawRecord[], death?: Death): Promise<string[] | undefined> {
    const worker = this.#worker(death);
    const handler = createAssembler(worker.deps);
    const answer = handler({ Records: records }, { getRemainingTimeInMillis: () => 60_000 });
    const done = await Promise.race([answer, worker.died]);
    return done?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  /** @returns whether the sweep ended; else it died */
  async sweep(death?: Death): Promise<boolean> {
    const worker = this.#worker(death);
    return (await Promise.race([createSweeper(worker.deps)(), worker.died])) !== undefined;
  }

  #worker(death: Death | undefined) {
    let isDead = false;
    let die: (nothing: undefined) => void = () => undefined;
    const died = new Promise<undefined>((resolve) => {
      die = resolve;
    });
    const never = new Promise<never>(() => undefined);
    const inner = this.dynamo.client();
    let steps = 0;
    const send = async (command: unknown): Promise<unknown> => {
      if (isDead) return never;
      steps += 1;
      const isLast = steps === death?.step;
      const kill = () => {
        isDead = true;
        die(undefined);
        return never;
      };
      if (isLast && death?.when === "before") return kill();
      const call = (command as object).constructor.name;
      this.calls.push(call);
      const fault = this.fault(call);
      if (fault) throw fault;
      const answer = await inner.send(command as PutCommand);
      this.#note(command);
      return isLast || isDead ? kill() : answer;
    };
    const client = { send } as unknown as DynamoDBDocumentClient;
    const warn: Log["warn"] = (message, fields = {}) => {
      if (!isDead) this.warnings.push({ message, fields });
    };
    const deps: Deps & { readonly staged: StagedAssemblies; readonly products: ShopProducts } = {
      clock: { now: () => this.nowMs, sleep: async () => undefined },
      newId: () => "id",
      log: { ...silentLog, warn },
      meter: {
        count: (name, value) => void (isDead || this.counts.set(name, this.count(name) + value)),
        duration: () => undefined,
        gauge: (name, value, _, atMs = 0) => {
          if (isDead || name !== METRICS.ORPHANED_ASSEMBLIES) return;
          this.orphans.set(atMs, Math.max(this.orphans.get(atMs) ?? 0, value));
        },
        flush: () => undefined,
      },
      staged: new StagedAssemblies(client, STAGING),
      products: new ShopProducts(client, PRODUCTS),
      queues: new Map([
        [
          "queue",
          {
            changeVisibility: async (handle, seconds) => void this.visibility.push(`${handle} ${seconds}`),
            changeVisibilities: async () => undefined,
            remove: async () => undefined,
          },
        ],
      ]),
    };
    return { deps, died };
  }

  #note(command: unknown): void {
    if (command instanceof PutCommand && command.input.TableName === PRODUCTS) {
      this.notices.push(String(command.input.Item?.video_id));
    }
    if (command instanceof UpdateCommand && command.input.UpdateExpression?.startsWith("SET orphaned_in = :hour")) {
      this.marked.push(String(command.input.Key?.video_id));
    }
  }
}
