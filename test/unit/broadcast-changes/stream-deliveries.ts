import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { LiveWorld } from "../../helpers/worlds/live-world.ts";
import type { History } from "./catalog-history.ts";

/**
 * Deliveries of a stream. Lambda keeps the order of the records of a row, and delivers rows beside each other or together. An
 * instance has one event at a time. What fails, or is delivered twice, comes again.
 */
export class Deliveries {
  readonly #world: LiveWorld;
  readonly #stream: History["stream"];
  readonly #rowsApart: boolean;
  readonly #positions = new Map<string, number>();
  readonly #busy = new Map<string, Promise<void>>();

  constructor(world: LiveWorld, stream: History["stream"], rowsApart: boolean) {
    this.#world = world;
    this.#stream = stream;
    this.#rowsApart = rowsApart;
  }

  get lanes(): string[] {
    return [...new Set(this.#stream.map((row) => this.#laneOf(row)))];
  }

  isDone(lane: string): boolean {
    return this.#left(lane).length === 0;
  }

  deliver(lane: string, worker: 0 | 1, most: number, again: boolean): Promise<void> {
    const [ofLane, ofWorker] = [`lane ${lane}`, `worker ${worker}`];
    const delivering = Promise.all([this.#busy.get(ofLane), this.#busy.get(ofWorker)]).then(async () => {
      const batch = this.#left(lane).slice(0, most);
      if (batch.length === 0) return;
      try {
        const { batchItemFailures } = await this.#world.broadcast(worker, batch);
        if (batchItemFailures.length > 0 || again) return;
        this.#positions.set(lane, (this.#positions.get(lane) ?? 0) + batch.length);
      } catch {
        this.#world.nowMs += 1;
      }
    });
    this.#busy.set(ofLane, delivering);
    this.#busy.set(ofWorker, delivering);
    return delivering;
  }

  #laneOf({ batch_id }: CatalogRow | RunRow): string {
    return this.#rowsApart ? batch_id : "all";
  }

  #left(lane: string): (CatalogRow | RunRow)[] {
    return this.#stream.filter((row) => this.#laneOf(row) === lane).slice(this.#positions.get(lane) ?? 0);
  }
}
