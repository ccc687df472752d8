import { isoTime } from "../common/core/clock.ts";
import { errorStack } from "../common/core/error-words.ts";
import {
  afterStep,
  isInForce,
  isLeased,
  isWorkable,
  leasedBy,
  type RemovedContent,
  type Revocation,
  released,
  withRemoved,
} from "../common/core/licences/revocations/revocation.ts";
import type { Deps } from "./deps.ts";
import { removeExports } from "./sweep-exports.ts";

/** What a piece of work did. */
interface Piece {
  readonly removed: Partial<RemovedContent>;
  /** Products that were looked through. */
  readonly productsRead?: number;
  /** Where the step goes on; null: at its beginning or not at all. */
  readonly next: string | null;
  readonly isStepDone: boolean;
  /** Why it could not remove all; it is done again then. */
  readonly fault?: unknown;
}

/** One bounded piece of work: a megabyte of the table, some seconds of raw answers, or a page of the exports. */
const workOn = async (deps: Deps, { source, step, after }: Revocation, untilMs: number): Promise<Piece> => {
  const nowMs = deps.clock.now();
  switch (step) {
    case "products": {
      const { keys, next } = await deps.products.readKeys(after);
      const { holders, fields, fault } = await deps.products.sweep(keys, new Set([source]));
      const removed = { products: holders[source] ?? 0, fields: fields[source] ?? 0 };
      return { removed, productsRead: keys.length, next, isStepDone: next === null, fault };
    }
    case "history": {
      const { removed: changes, next, fault } = await deps.history.removeSource(source, after, nowMs);
      return { removed: { changes }, next, isStepDone: next === null, fault };
    }
    case "raw": {
      const mayContinue = (): boolean => deps.clock.now() < untilMs;
      const { removed, isDone, fault } = await deps.objects.removeRaw(source, nowMs, mayContinue);
      return { removed: { raw_answers: removed }, next: null, isStepDone: isDone, fault };
    }
    case "exports": {
      const { removed: exports, next, fault } = await removeExports(deps, source, after);
      return { removed: { exports }, next, isStepDone: next === null, fault };
    }
  }
};

/** The revocation after a piece. One with a fault is done again, and counts then what it finds. */
const withPiece = (
  revocation: Revocation,
  { removed, productsRead = 0, next, isStepDone, fault }: Piece,
  nowMs: number,
) => {
  const counted = withRemoved(revocation, removed);
  if (fault !== undefined) return counted;
  const done = { ...counted, after: next, products_read: revocation.products_read + productsRead };
  return isStepDone ? afterStep(done, nowMs) : done;
};

/** Continues one revocation that this pass leases. @throws what kept a piece from its end, after its count is written */
const carryOn = async (deps: Deps, revocation: Revocation, untilMs: number): Promise<void> => {
  const { clock, revocations } = deps;
  // Of two passes in the same millisecond the rows differ by their owner, so that the table says which of them won.
  const owner = deps.newId();
  // A lease is no progress.
  let held = await revocations.advance(leasedBy(revocation, owner, clock.now()), revocation.updated_at);
  while (held) {
    const seen: Revocation = held;
    const piece = await workOn(deps, seen, untilMs).catch(
      (fault: unknown): Piece => ({ removed: {}, next: null, isStepDone: false, fault }),
    );
    const { fault } = piece;
    const next = withPiece(seen, piece, clock.now());
    const goesOn = fault === undefined && isWorkable(next, clock.now()) && clock.now() < untilMs;
    const written = await revocations.advance(
      goesOn ? leasedBy(next, owner, clock.now()) : released(next),
      fault === undefined ? isoTime(clock.now()) : seen.updated_at,
    );
    if (written === undefined) await countAfterEnd(deps, seen, owner, piece);
    else if (written.state !== revocation.state) {
      const { revocation_id, source, state, removed } = written;
      deps.log.info(`revocation ${state}`, { revocation_id, source, ...removed });
    }
    if (fault !== undefined) throw fault;
    held = goesOn ? written : undefined;
  }
};

/** What a piece removed that was under way when an operator ended the revocation is counted too. */
const countAfterEnd = async (deps: Deps, { revocation_id }: Revocation, owner: string, piece: Piece): Promise<void> => {
  const ended = await deps.revocations.get(revocation_id);
  if (!ended || isInForce(ended) || ended.lease_owner !== owner) return;
  await deps.revocations.advance(released(withRemoved(ended, piece.removed)), ended.updated_at);
};

/**
 * Continues every revocation that has something to remove and of whose source no other pass has one, the oldest first. How far
 * it came is written after each piece, so that the next pass continues there whatever ends this one; a piece may be done twice.
 * When an operator ended it meanwhile, this pass leaves it. One that cannot go on keeps no other from it.
 * @throws the first fault, at the end
 */
export const sweepRevocations = async (deps: Deps, untilMs: number): Promise<void> => {
  const { clock, revocations } = deps;
  const all = (await revocations.list()).reverse();
  let failed: unknown;
  for (const revocation of all) {
    const isTaken = all.some((one) => one.source === revocation.source && isLeased(one, clock.now()));
    if (isTaken || !isWorkable(revocation, clock.now()) || clock.now() >= untilMs) continue;
    try {
      await carryOn(deps, revocation, untilMs);
    } catch (error) {
      failed ??= error;
      deps.log.error("a piece of a revocation is done again", {
        ...{ revocation_id: revocation.revocation_id, source: revocation.source },
        error: errorStack(error),
      });
    }
  }
  if (failed !== undefined) throw failed;
};
