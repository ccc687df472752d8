import type { DispatchClaims } from "../../adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import type { RunStore } from "../../adapters/dynamodb/enrichment-status/run-store.ts";
import type { OnUnreadable } from "../../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import type { BatchQueue } from "../../adapters/sqs/batch-queue.ts";
import { type BatchQueueName, type BatchRow, batchId } from "../../core/batches/batch-row.ts";
import { batchMessageFor } from "../../core/batches/message-for-row.ts";
import { batchRange } from "../../core/batches/partition/batch-range.ts";
import { dueShard } from "../../core/batches/reschedule/due-shard.ts";
import { OVERDUE_AFTER_MS } from "../../core/batches/reschedule/resume-batch.ts";
import type { SegmentRow } from "../../core/catalogs/ingest/catalog-files.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { planDispatch } from "../../core/runs/dispatch-window.ts";
import { mayDispatch } from "../../core/runs/run.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import { type EndRefusedDeps, endRefusedBatch } from "./end-refused-batch.ts";

/** Reads accepted products of a catalog. */
export interface ProductRows {
  read(
    segment: RunRow["segments"][number],
    from: number,
    count: number,
  ): Promise<readonly Pick<SegmentRow, "asin" | "sku" | "request">[]>;
}

export interface DispatcherDeps {
  readonly runs: Pick<RunStore, "listOpenRuns">;
  readonly batches: EndRefusedDeps["batches"];
  readonly recorder: EndRefusedDeps["recorder"];
  readonly failures: EndRefusedDeps["failures"];
  readonly log: EndRefusedDeps["log"];
  readonly meter: EndRefusedDeps["meter"];
  readonly claims: Pick<DispatchClaims, "take" | "takeOver" | "release">;
  readonly products: ProductRows;
  readonly batchQueue: Pick<BatchQueue, "send">;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly queues: { readonly bulk: string; readonly express: string };
  /** Gets open runs that cannot be read; the others are served. */
  readonly onUnreadable: OnUnreadable;
  /** Products that may be in flight at once over all bulk runs. */
  readonly windowProducts: number;
}

/** How long a claim is good for: far longer than sending takes, short enough that a crash is repaired soon. */
const CLAIM_MS = 60_000;
/** Batches sent under one claim; a crash repeats at most so many. */
const BATCHES_PER_CLAIM = 50;
const PARALLEL_WRITES = 10;
/** How long open runs are believed to be as they were listed: consumers fill up after every part of their work. */
const LIST_MS = 1_000;

/** Sends batches of runs to the consumers, never more than the upstream can serve within the window. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  #listed: { readonly runs: readonly RunRow[]; readonly untilMs: number } | undefined;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /**
   * Fills the window for all open runs, round-robin over users. Safe to run at any time and by many at once: each range
   * is claimed first. A run that cannot be sent keeps no other back. The list of open runs is kept for a second, unless
   * `extra` is given: runs that the index may not show yet.
   * @returns batches sent.
   * @throws the first failure, once every other run was handled.
   */
  async topUp(extra: readonly RunRow[] = []): Promise<number> {
    const open = await this.#openRuns(extra.length > 0);
    const known = new Set(open.map((run) => run.batch_id));
    const runs = [...open, ...extra.filter((run) => !known.has(run.batch_id))];
    const failures: unknown[] = [];
    const tryRun = async (work: () => Promise<number>): Promise<number> => {
      try {
        return await work();
      } catch (error) {
        failures.push(error);
        return 0;
      }
    };
    for (const run of runs) await tryRun(() => this.finishClaim(run).then(() => 0));
    let sent = 0;
    for (const { run, batches, express } of planDispatch(runs, this.#deps.windowProducts)) {
      sent += await tryRun(() => this.dispatch(run, batches, express));
    }
    if (failures.length === 0) return sent;
    // What failed half-way is not as it was listed.
    this.#listed = undefined;
    throw failures[0];
  }

  async #openRuns(fresh: boolean): Promise<readonly RunRow[]> {
    const nowMs = this.#deps.clock.now();
    if (!fresh && this.#listed && nowMs < this.#listed.untilMs) return this.#listed.runs;
    const runs = await this.#deps.runs.listOpenRuns(this.#deps.onUnreadable);
    this.#listed = { runs, untilMs: nowMs + LIST_MS };
    return runs;
  }

  /** Keeps the list true after a sending; one that another process forestalled says that the list is out of date. */
  #noteListed(run: RunRow, next: RunRow | undefined): void {
    if (!this.#listed) return;
    const { runs, untilMs } = this.#listed;
    const updated = next && runs.map((one) => (one.batch_id === run.batch_id ? next : one));
    this.#listed = updated && { runs: updated, untilMs };
  }

  /**
   * Sends up to `limit` further batches of one run.
   * @param express the first so many go by the express queue. @default all of an express run, none of another one
   * @returns batches sent; 0 when another one holds the claim.
   */
  async dispatch(run: RunRow, limit: number, express = run.express ? limit : 0): Promise<number> {
    let current = run;
    let sent = 0;
    while (sent < limit && mayDispatch(current)) {
      const next =
        sent < express
          ? await this.#dispatchRange(current, express - sent, "express")
          : await this.#dispatchRange(current, limit - sent, "bulk");
      this.#noteListed(current, next);
      if (!next) break;
      sent += next.dispatched - current.dispatched;
      current = next;
    }
    return sent;
  }

  /**
   * Ends the sending of a cancelled run whose sender died: writes the batches that it may have written, so that they
   * can be settled like all others, and gives the claim back. Does nothing for other runs or while the sender lives.
   */
  async finishClaim(run: RunRow): Promise<void> {
    const nowMs = this.#deps.clock.now();
    if (run.state !== "cancelled" || !run.claim || run.claim.expires_at >= isoTime(nowMs)) return;
    const claim = { ...run.claim, owner: this.#deps.newId(), expires_at: isoTime(nowMs + CLAIM_MS) };
    const claimed = await this.#deps.claims.takeOver(run, claim, isoTime(nowMs));
    if (!claimed) return;
    await this.#writeRows(run, claim.from, claim.to, nowMs);
    await this.#deps.claims.release(claimed, claim, isoTime(this.#deps.clock.now()));
  }

  async #dispatchRange(run: RunRow, limit: number, queue: BatchQueueName): Promise<RunRow | undefined> {
    const nowMs = this.#deps.clock.now();
    const now = isoTime(nowMs);
    const from = run.dispatched + 1;
    const fresh = Math.min(run.batches, run.dispatched + Math.min(limit, BATCHES_PER_CLAIM));
    const claim = {
      owner: this.#deps.newId(),
      from,
      // A stale claim may have sent some of its batches, so it is redone to its end.
      to: Math.max(fresh, run.claim?.to ?? 0),
      expires_at: isoTime(nowMs + CLAIM_MS),
    };
    const claimed = await this.#deps.claims.take(run, claim, now);
    if (!claimed) return undefined;
    const rows = await this.#writeRows(run, claim.from, claim.to, nowMs, queue);
    await this.#deps.batchQueue.send(
      this.#deps.queues[queue],
      rows.map((row) => ({ message: batchMessageFor(row), delaySeconds: 0 })),
    );
    return this.#deps.claims.release(claimed, claim, isoTime(this.#deps.clock.now()));
  }

  /** @returns the rows to send: all but those that the table refuses for good, whose products have failed */
  async #writeRows(run: RunRow, from: number, to: number, nowMs: number, queue?: BatchQueueName): Promise<BatchRow[]> {
    const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const rows: BatchRow[] = [];
    for (let start = 0; start < numbers.length; start += PARALLEL_WRITES) {
      const slice = numbers.slice(start, start + PARALLEL_WRITES);
      rows.push(
        ...(
          await Promise.all(
            slice.map(async (number) => {
              const row = await this.#newRow(run, number, nowMs, queue);
              // There already: an earlier holder of the claim wrote it, with the same products.
              const created = await this.#deps.batches.create(row);
              if (created.kind !== "refused") return [row];
              await endRefusedBatch(this.#deps, run, row, created.reason);
              return [];
            }),
          )
        ).flat(),
      );
    }
    return rows;
  }

  async #newRow(run: RunRow, number: number, nowMs: number, queue?: BatchQueueName): Promise<BatchRow> {
    const { segment, from, count } = batchRange(run.segments, run.options.batch_size, number);
    const products = await this.#deps.products.read(segment, from, count);
    return {
      catalog_id: run.catalog_id,
      batch_id: batchId(run.batch_id, number),
      row_type: "batch",
      tracking_id: run.batch_id,
      number,
      owner_id: run.owner_id,
      marketplace: segment.marketplace,
      correlation_id: run.correlation_id,
      state: "queued",
      ...(run.options.include_variations ? { include_variations: true } : {}),
      items: products.map(({ asin, sku, request }) => ({
        asin,
        ...(sku === undefined ? {} : { sku }),
        ...(request === undefined ? {} : { request }),
        state: "pending",
        attempts: 0,
      })),
      generation: 1,
      version: 0,
      due_shard: dueShard(number),
      due_at: isoTime(nowMs + OVERDUE_AFTER_MS),
      ...(queue === undefined ? {} : { queue }),
      resends: 0,
      updated_at: isoTime(nowMs),
    };
  }
}
