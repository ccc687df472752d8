import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { CATALOG, type LiveWorld } from "../../helpers/worlds/live-world.ts";

const PRODUCTS = 5;

/** What is committed of a catalog, one write after the other: its own steps until it has a run, and runs. */
export class History {
  readonly #world: LiveWorld;
  #catalog: CatalogRow;
  #run: RunRow | undefined;
  #runs = 0;
  /** Rows as the table's stream has them. */
  readonly stream: (CatalogRow | RunRow)[] = [];
  /** What readers see after each commit. */
  readonly states: string[];
  #committing = Promise.resolve();

  private constructor(world: LiveWorld, catalog: CatalogRow) {
    this.#world = world;
    this.#catalog = catalog;
    this.states = [seen({ tracking_id: null, state: catalog.state, pending: 0, enriched: 0 })];
  }

  static async begin(world: LiveWorld): Promise<History> {
    const rows = { total: 0, valid: 0, duplicates: 0, rejected: 0, blank: 0, repaired: 0 };
    return new History(world, await world.putCatalog({ state: "awaiting_upload", rows }));
  }

  get isOver(): boolean {
    if (this.#run) return this.#run.pending === 0;
    return this.#catalog.state === "ready" || this.#catalog.state === "ingest_failed";
  }

  /** @param way which way it goes where there are several */
  advance(waitMs: number, way: number): Promise<void> {
    this.#committing = this.#committing.then(async () => {
      this.#world.nowMs += waitMs;
      if (this.#run && this.#run.pending > 0) await this.#record(this.#run);
      else if (this.isOver || (this.#catalog.state === "ingesting" && way % 3 === 2)) await this.#begin();
      else if (way % 3 === 1) await this.#step({ state: "ingest_failed" });
      else if (this.#catalog.state === "awaiting_upload") await this.#step({ state: "ingesting" });
      else await this.#step({ state: "ready", rows: { ...this.#catalog.rows, valid: PRODUCTS } });
    });
    return this.#committing;
  }

  /** The catalog's row changes and says the same as before: its reader reports how far it is. */
  touch(): Promise<void> {
    this.#committing = this.#committing.then(() => void this.stream.push(this.#catalog));
    return this.#committing;
  }

  async #step(change: Partial<CatalogRow>): Promise<void> {
    this.#catalog = await this.#world.putCatalog({ ...this.#catalog, ...change });
    this.stream.push(this.#catalog);
    const { state, rows } = this.#catalog;
    this.states.push(seen({ tracking_id: null, state, pending: rows.valid, enriched: 0 }));
  }

  /** A first run, or the next one; also where a file was refused, although nothing begins one there today. */
  async #begin(): Promise<void> {
    this.#runs += 1;
    const batch_id = `enrich_${CATALOG}_${this.#runs}`;
    this.#run = await this.#world.putRun({ batch_id, uploaded: PRODUCTS, pending: PRODUCTS, state: "queued" });
    this.#catalog = { ...this.#catalog, state: "ready", tracking_id: batch_id };
    this.stream.push(this.#catalog, this.#run);
    this.#see(this.#run);
  }

  async #record(before: RunRow): Promise<void> {
    const pending = before.pending - 1;
    const state = pending === 0 ? ("completed" as const) : ("running" as const);
    const change = { pending, enriched: before.enriched + 1, sequence: before.sequence + 1, state };
    this.#run = await this.#world.putRun({ ...before, ...change });
    this.stream.push(this.#run);
    this.#see(this.#run);
  }

  #see({ batch_id, state, pending, enriched }: RunRow): void {
    this.states.push(seen({ tracking_id: batch_id, state, pending, enriched }));
  }
}

/** A state without its sequence: that is what is under test. */
export const seen = (state: {
  readonly tracking_id: string | null;
  readonly state: string;
  readonly pending: number;
  readonly enriched: number;
}): string => `${state.tracking_id} ${state.state} ${state.pending} ${state.enriched}`;
