import { setTimeout as delay } from "node:timers/promises";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import type { Deployed } from "../e2e/deployed.ts";
import type { RunWatcher } from "./run-watcher.ts";

/** Runs that are watched at, from the oldest and from the newest: looking at all costs the emulator too much. */
const OLDEST = 3;
const NEWEST = 4;
/**
 * Time after which no holder of a lease can live: the least time limit of a function, and a moment. The message that
 * led to the batch is hidden longer, so nobody else can have it yet.
 */
const OUTLIVED_MS = 62_000;

/** Which batches are in the hands of a worker that lives. */
export class Leases {
  readonly #deployed: Deployed;
  readonly #watcher: RunWatcher;
  /** A lease taken before may be that of a dead worker, however long it lasts. */
  #killedAt = "";
  readonly #abandoned: Promise<BatchRow[]>[] = [];

  constructor(deployed: Deployed, watcher: RunWatcher) {
    this.#deployed = deployed;
    this.#watcher = watcher;
  }

  /** Batches whose lease was taken since the last kill and is not over. */
  async held(): Promise<BatchRow[]> {
    const open = this.#watcher.latest.filter((run) => run.open_shard !== undefined && run.dispatched > 0);
    const watched = [...open.slice(0, OLDEST), ...open.slice(OLDEST).slice(-NEWEST)];
    const rows = await Promise.all(watched.map(({ catalog_id }) => this.#deployed.batches(catalog_id)));
    const now = new Date().toISOString();
    // A claim is the last write to a row before its holder records, so it tells when the lease was taken.
    return rows
      .flat()
      .filter(
        ({ lease_owner, lease_until = "", updated_at }) =>
          lease_owner !== undefined && lease_until > now && updated_at > this.#killedAt,
      );
  }

  /**
   * Says that some workers have just been killed. Which of the batches were theirs shows when those who live must be
   * through with their own: see `abandoned`.
   */
  noteKill(held: readonly BatchRow[]): void {
    this.#killedAt = new Date().toISOString();
    const later = delay(OUTLIVED_MS).then(() => this.#stillHeld(held));
    // Anyone who asks gets it.
    later.catch(() => undefined);
    this.#abandoned.push(later);
  }

  /** Batches that were held at a kill and that their holder has never recorded. Comes a minute after the last kill. */
  async abandoned(): Promise<BatchRow[]> {
    return (await Promise.all(this.#abandoned)).flat();
  }

  async #stillHeld(held: readonly BatchRow[]): Promise<BatchRow[]> {
    const catalogs = [...new Set(held.map(({ catalog_id }) => catalog_id))];
    const rows = (await Promise.all(catalogs.map((id) => this.#deployed.batches(id)))).flat();
    const owners = new Map(rows.map(({ batch_id, lease_owner }) => [batch_id, lease_owner]));
    return held.filter(({ batch_id, lease_owner }) => owners.get(batch_id) === lease_owner);
  }
}
