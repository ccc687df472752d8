import type { SQSRecord } from "aws-lambda";
import type {
  ClaimRequest,
  ClaimResult,
} from "../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { RunOutcome } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { QueuedBatch } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import type { StoredProduct } from "../../../lambdas/common/core/products/stored-product.ts";
import type { ProductFailure } from "../../../lambdas/common/core/runs/failure-row.ts";
import { isAllParked } from "../../../lambdas/common/core/runs/run.ts";
import { runDelta } from "../../../lambdas/common/core/runs/run-delta.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { ProductOutcome } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import { Closings } from "../../../lambdas/enrich-batch/closings.ts";
import type { Deps } from "../../../lambdas/enrich-batch/deps.ts";
import type { EnrichProducts } from "../../../lambdas/enrich-batch/enrich/enrich-port.ts";
import { LICENCES } from "../rights.ts";
import { NOON } from "../rows.ts";
import { silentLog, silentMeter } from "../silent.ts";

/** The stores of the consumer in memory, doing what the real ones do, with everything that they were given kept. */
export class ConsumerWorld {
  readonly rows = new Map<string, BatchRow>();
  readonly runs = new Map<string, RunRow>();
  readonly sent: { queue: string; queuedBatch: QueuedBatch }[] = [];
  readonly acknowledged: string[] = [];
  readonly hurried: [handle: string, seconds: number][] = [];
  /** Records that were hidden while their batches are leased. */
  readonly hidden: [handle: string, seconds: number][] = [];
  readonly saved: StoredProduct[] = [];
  readonly failures: ProductFailure[] = [];
  readonly closedFailures: string[] = [];
  /** Products whose time in the daily refresh was renewed, with its end. */
  readonly kept: [key: string, until: string][] = [];
  readonly notFound: { key: string; sources: readonly string[] }[] = [];
  /** Keys of products that the table refuses for good. */
  readonly unstorable = new Set<string>();
  readonly released: string[] = [];
  readonly outcomes: RunOutcome[] = [];
  readonly asked: Parameters<EnrichProducts>[0][] = [];
  topUps = 0;
  nowMs = NOON;
  /** What the sources say of a product. */
  verdict: (asin: string) => ProductOutcome = () => ({
    result: { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false },
  });
  blocked: RunOutcome["blocked_by"] = [];

  add(run: RunRow, ...rows: readonly BatchRow[]): void {
    this.runs.set(run.batch_id, run);
    for (const row of rows) this.rows.set(row.batch_id, row);
  }

  record(row: BatchRow, overrides: { generation?: number; receives?: number; body?: string } = {}): SQSRecord {
    const message = { ...batchMessageFor(row), generation: overrides.generation ?? row.generation };
    return {
      messageId: `m-${row.batch_id}`,
      receiptHandle: `r-${row.batch_id}`,
      body: overrides.body ?? JSON.stringify(message),
      attributes: { ApproximateReceiveCount: String(overrides.receives ?? 1) },
    } as SQSRecord;
  }

  claim(request: ClaimRequest): ClaimResult {
    const row = this.rows.get(request.batch_id);
    if (!row) return { kind: "missing" };
    if (row.items.every((item) => item.state !== "pending")) return { kind: "settled", row };
    if (row.generation > request.generation) return { kind: "older", row };
    if (row.generation === request.generation && row.lease_until !== undefined && row.lease_until >= request.now)
      return { kind: row.lease_owner === request.owner ? "claimed" : "leased", row };
    const claimed: BatchRow = {
      ...row,
      generation: request.generation,
      lease_owner: request.owner,
      lease_until: request.lease_until,
      version: row.version + 1,
    };
    this.rows.set(row.batch_id, claimed);
    return { kind: "claimed", row: claimed };
  }

  #commit(outcome: RunOutcome): RunOutcome["changes"] {
    this.outcomes.push(outcome);
    const delta = runDelta(outcome.changes);
    const run = this.runs.get(outcome.run.batch_id);
    if (!run) return [];
    const { unrecorded: _unrecorded, ...recorded } = run;
    this.runs.set(run.batch_id, {
      ...recorded,
      ...(outcome.state ? { state: outcome.state, blocked_by: [...outcome.blocked_by] } : {}),
      pending: run.pending + delta.pending,
      enriched: run.enriched + delta.enriched,
      failed: run.failed + delta.failed,
      cancelled: run.cancelled + delta.cancelled,
      settled: run.settled + delta.settled,
      parked: (run.parked ?? 0) + delta.parked,
      parked_first: (run.parked_first ?? 0) + delta.parked_first,
      sequence: run.sequence + 1,
    });
    for (const { before, after } of outcome.changes)
      this.rows.set(after.batch_id, { ...after, version: before.version + 1 });
    return outcome.changes;
  }

  deps(overrides: Partial<Deps> = {}): Deps {
    const fakes = {
      runs: {
        getRuns: async (keys: readonly { tracking_id: string }[]) =>
          new Map(
            keys.flatMap(({ tracking_id }) =>
              this.runs.has(tracking_id) ? [[tracking_id, this.runs.get(tracking_id)] as const] : [],
            ),
          ),
        closeIfDone: async (run: RunRow) => {
          if (run.pending > 0 || run.open_shard === undefined) return false;
          const { open_shard: _open, ...closed } = run;
          this.runs.set(run.batch_id, { ...closed, state: run.cancelled > 0 ? "cancelled" : "completed" });
          return true;
        },
        noteUnrecorded: async (run: { batch_id: string }, unrecorded: NonNullable<RunRow["unrecorded"]>) => {
          const noted = this.runs.get(run.batch_id);
          if (noted?.open_shard !== undefined) this.runs.set(run.batch_id, { unrecorded, ...noted });
        },
        waitIfAllParked: async (run: RunRow) => {
          if (run.state !== "running" || run.blocked_by.length === 0 || !isAllParked(run)) return false;
          this.runs.set(run.batch_id, { ...run, state: "waiting_for_source" });
          return true;
        },
      },
      batches: {
        claim: async (request: ClaimRequest) => this.claim(request),
        release: async (row: BatchRow) => {
          this.released.push(row.batch_id);
          const { lease_owner: _owner, lease_until: _until, ...free } = row;
          if (this.rows.get(row.batch_id)?.version === row.version) {
            this.rows.set(row.batch_id, { ...free, version: row.version + 1 });
          }
        },
      },
      recorder: { record: async (outcome: RunOutcome) => this.#commit(outcome) },
      products: {
        saveMany: async (products: readonly StoredProduct[]) => {
          const refused = products.filter(({ product }) => this.unstorable.has(product.product_id));
          this.saved.push(...products.filter((stored) => !refused.includes(stored)));
          return new Map(refused.map(({ product }) => [product.product_id, "Item size has exceeded the maximum"]));
        },
        keepFresh: async (key: string, until: string) => void this.kept.push([key, until]),
        rememberNotFound: async (key: string, sources: readonly string[]) => {
          if (sources.length > 0) this.notFound.push({ key, sources });
        },
      },
      failures: {
        saveMany: async (failures: readonly ProductFailure[]) => {
          this.failures.push(...failures);
        },
        close: async (_run: string, keys: readonly string[]) => {
          this.closedFailures.push(...keys);
        },
      },
      batchQueue: {
        send: async (queue: string, messages: readonly QueuedBatch[]) => {
          this.sent.push(...messages.map((queuedBatch) => ({ queue, queuedBatch })));
        },
      },
      ownQueue: {
        changeVisibility: async (handle: string, seconds: number) => {
          this.hurried.push([handle, seconds]);
        },
        changeVisibilities: async (handles: readonly string[], seconds: number) => {
          this.hidden.push(...handles.map((handle): [string, number] => [handle, seconds]));
        },
        remove: async (handles: readonly string[]) => {
          this.acknowledged.push(...handles);
        },
      },
      dispatcher: {
        topUp: async () => {
          this.topUps += 1;
          return 0;
        },
      },
    };
    const enrich: EnrichProducts = async (request) => {
      this.asked.push(request);
      await request.deliver({
        outcomes: new Map(request.products.map(({ key, asin }) => [key, this.verdict(asin)])),
        blockedBy: this.blocked,
      });
    };
    return {
      ...(fakes as unknown as Deps),
      licences: LICENCES,
      enrich,
      closings: new Closings(),
      wakeHeld: async () => 0,
      ownQueueUrl: "bulk-queue",
      functionTimeoutMs: 60_000,
      clock: { now: () => this.nowMs, sleep: async () => undefined },
      newId: () => "worker-1",
      log: silentLog,
      meter: silentMeter,
      ...overrides,
    };
  }
}
