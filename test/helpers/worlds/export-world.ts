import type {
  ExportClaim,
  ExportClaimResult,
  LeasedExport,
} from "../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import { NotFoundError } from "../../../lambdas/common/core/errors.ts";
import type { ExportCheckpoint, ExportJob, UploadedPart } from "../../../lambdas/common/core/exports/export-job.ts";
import type { ExportMessage } from "../../../lambdas/common/core/exports/export-message.ts";
import { LeaseLostError } from "../../../lambdas/common/core/exports/lease-lost-error.ts";
import { UploadGoneError } from "../../../lambdas/common/core/exports/upload-gone-error.ts";
import type { TimedContentEnd } from "../../../lambdas/common/core/licences/content-end.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { SOURCE_IDS, type SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { Deps, Objects } from "../../../lambdas/export-catalog/deps.ts";
import { LICENCES } from "../rights.ts";
import { NOON } from "../rows.ts";

/** Objects in memory, with uploads in parts as S3 has them. */
export class MemoryObjects implements Objects {
  readonly stored = new Map<string, Buffer>();
  readonly uploads = new Map<string, Map<number, { etag: string; body: Buffer }>>();
  /** Sizes of all parts and whole objects written. */
  readonly writes: number[] = [];
  #ids = 0;

  async readRange(key: string, from: number, bytes: number): Promise<Buffer> {
    return (await this.read(key)).subarray(from, from + bytes);
  }
  async read(key: string): Promise<Buffer> {
    const body = this.stored.get(key);
    if (!body) throw new NotFoundError(`there is no object ${key}`);
    return body;
  }
  async put(key: string, body: Uint8Array): Promise<void> {
    this.writes.push(body.length);
    this.stored.set(key, Buffer.from(body));
  }
  async remove(key: string): Promise<void> {
    this.stored.delete(key);
  }
  async startUpload(): Promise<string> {
    this.#ids += 1;
    this.uploads.set(`upload-${this.#ids}`, new Map());
    return `upload-${this.#ids}`;
  }
  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    const parts = this.uploads.get(uploadId);
    if (!parts) throw new UploadGoneError("no such upload");
    this.#ids += 1;
    this.writes.push(body.length);
    parts.set(number, { etag: `etag-${this.#ids}`, body: Buffer.from(body) });
    return { number, etag: `etag-${this.#ids}`, checksum: null };
  }
  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const upload = this.uploads.get(uploadId);
    if (!upload) {
      if (this.stored.has(key)) return;
      throw new UploadGoneError("no such upload");
    }
    const bodies = parts.map(({ number, etag }) => {
      const part = upload.get(number);
      if (part?.etag !== etag) throw new UploadGoneError(`part ${number} is another one`);
      return part.body;
    });
    this.stored.set(key, Buffer.concat(bodies));
    this.uploads.delete(uploadId);
  }
}

/** Export rows in memory, under the same conditions as the table. */
export class MemoryExports {
  readonly jobs = new Map<string, ExportJob>();
  readonly checkpoints: ExportCheckpoint[] = [];

  #held(lease: LeasedExport): ExportJob {
    const job = this.jobs.get(lease.export_id);
    if (job?.lease_owner !== lease.owner) throw new LeaseLostError(lease.export_id, job, lease.now);
    return job;
  }
  #free(job: ExportJob, changes: Partial<ExportJob>): void {
    const { lease_owner: _owner, lease_until: _until, ...rest } = job;
    this.jobs.set(job.export_id, { ...rest, ...changes });
  }
  async claim(claim: ExportClaim): Promise<ExportClaimResult> {
    const job = this.jobs.get(claim.export_id);
    if (!job) return { kind: "missing" };
    if (job.state === "ready") return { kind: "ready" };
    if (job.lease_until !== undefined && job.lease_until >= claim.now) {
      return { kind: "leased", lease_until: job.lease_until };
    }
    const mine = {
      ...job,
      state: "running" as const,
      failure: null,
      lease_owner: claim.owner,
      lease_until: claim.lease_until,
      last_delivery: claim.last_delivery,
    };
    this.jobs.set(job.export_id, mine);
    return { kind: "claimed", job: mine };
  }
  async saveCheckpoint(lease: LeasedExport, checkpoint: ExportCheckpoint): Promise<void> {
    const { rows_read, rows_written } = checkpoint;
    this.jobs.set(lease.export_id, { ...this.#held(lease), checkpoint, rows_read, rows_written });
    this.checkpoints.push(checkpoint);
  }
  async restart(lease: LeasedExport): Promise<void> {
    this.#free(this.#held(lease), { checkpoint: null, rows_read: 0, rows_written: 0 });
  }
  async release(lease: LeasedExport): Promise<void> {
    this.#free(this.#held(lease), {});
  }
  async finish(
    lease: LeasedExport,
    {
      rows_read,
      rows_written,
      valid_until = null,
      sources = [...SOURCE_IDS],
    }: Pick<ExportCheckpoint, "rows_read" | "rows_written" | "valid_until" | "sources">,
  ): Promise<void> {
    this.#free(this.#held(lease), { state: "ready", checkpoint: null, rows_read, rows_written, valid_until, sources });
  }
  async fail(lease: LeasedExport, failure: string): Promise<void> {
    this.#free(this.#held(lease), { state: "failed", failure });
  }
}

/** What an export is made from and what came of it. */
export interface ExportWorld {
  readonly objects: MemoryObjects;
  readonly exports: MemoryExports;
  catalog: CatalogRow;
  run: RunRow | undefined;
  batches: BatchRow[];
  readonly products: Map<string, Product>;
  /** What was noted to end. */
  readonly noted: TimedContentEnd[];
  /** Sources that are revoked. */
  readonly revoked: Set<SourceId>;
  readonly sent: ExportMessage[];
  /** Seconds by which each of them was delayed. */
  readonly delays: number[];
  readonly counted: string[];
  readonly logs: string[];
  nowMs: number;
  /** Milliseconds that pass with every look at the clock. */
  tickMs: number;
}

/** An empty world around a catalog and its run. */
export const exportWorld = (catalog: CatalogRow, run: RunRow | undefined): ExportWorld => ({
  objects: new MemoryObjects(),
  exports: new MemoryExports(),
  catalog,
  run,
  batches: [],
  products: new Map(),
  revoked: new Set(),
  noted: [],
  sent: [],
  delays: [],
  counted: [],
  logs: [],
  nowMs: NOON,
  tickMs: 0,
});

/** The function's deps over a world. */
export const exportDeps = (world: ExportWorld, overrides: Partial<Deps> = {}): Deps => {
  let ids = 0;
  const log = (message: string, fields: Record<string, unknown> = {}): void => {
    world.logs.push(`${message} ${JSON.stringify(fields)}`);
  };
  return {
    licences: LICENCES,
    revoked: async () => world.revoked,
    ends: { note: async (ends) => void world.noted.push(...ends) },
    exports: world.exports,
    objects: world.objects,
    catalogs: {
      getCatalog: async (catalogId, userId) => {
        const { catalog } = world;
        if (catalog.catalog_id !== catalogId || catalog.user_id !== userId || catalog.deleted_at !== null) {
          throw new NotFoundError("there is no such catalog");
        }
        return catalog;
      },
    },
    runs: { getRun: async () => world.run },
    batches: {
      read: async (_catalog, _run, from, to) => world.batches.filter(({ number }) => number >= from && number <= to),
    },
    products: {
      getMany: async (keys) => {
        if (keys.length > 100) throw new Error(`${keys.length} keys are too many for one read`);
        return new Map(
          keys.flatMap((key) => {
            const product = world.products.get(key);
            return product ? [[key, product] as const] : [];
          }),
        );
      },
    },
    queue: {
      send: async (message, delaySeconds) => {
        world.sent.push(message);
        world.delays.push(delaySeconds);
      },
    },
    ownQueue: { changeVisibility: async () => {}, changeVisibilities: async () => {}, remove: async () => {} },
    maxReceiveCount: 5,
    partBytes: 8 * 1024 * 1024,
    clock: {
      now: () => {
        world.nowMs += world.tickMs;
        return world.nowMs;
      },
      sleep: async () => {},
    },
    newId: () => {
      ids += 1;
      return `owner-${world.nowMs}-${ids}`;
    },
    log: { debug: log, info: log, warn: log, error: log, during: (_fields, work) => work() },
    meter: { count: (name) => world.counted.push(name), duration: () => {}, gauge: () => {}, flush: () => {} },
    ...overrides,
  };
};
