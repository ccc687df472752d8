import { isoTime } from "../common/core/clock.ts";
import { afterStep, isLeased, isWorkable, type Revocation } from "../common/core/licences/revocations/revocation.ts";
import type { Deps } from "./deps.ts";
import { removeExports } from "./sweep-exports.ts";

/** No pass lives longer: the function's time limit is two minutes. */
const LEASE_MS = 120_000;

/** One bounded piece of work: a megabyte of the table, some seconds of raw answers, or a page of the exports. */
const workOn = async (deps: Deps, revocation: Revocation, untilMs: number): Promise<Revocation> => {
  const { source, step, after, removed } = revocation;
  const nowMs = deps.clock.now();
  switch (step) {
    case "products": {
      const { keys, next } = await deps.products.readKeys(after);
      const { holders, fields } = await deps.products.sweep(keys, new Set([source]));
      const done: Revocation = {
        ...revocation,
        after: next,
        products_read: revocation.products_read + keys.length,
        removed: {
          ...removed,
          products: removed.products + (holders[source] ?? 0),
          fields: removed.fields + (fields[source] ?? 0),
        },
      };
      return next === null ? afterStep(done, nowMs) : done;
    }
    case "history": {
      const { removed: count, next } = await deps.history.removeSource(source, after, nowMs);
      const done = { ...revocation, after: next, removed: { ...removed, changes: removed.changes + count } };
      return next === null ? afterStep(done, nowMs) : done;
    }
    case "raw": {
      const mayContinue = (): boolean => deps.clock.now() < untilMs;
      const { removed: count, isDone } = await deps.objects.removeRaw(source, nowMs, mayContinue);
      const done = { ...revocation, removed: { ...removed, raw_answers: removed.raw_answers + count } };
      return isDone ? afterStep(done, nowMs) : done;
    }
    case "exports": {
      const { removed: count, next } = await removeExports(deps, source, after);
      const done = { ...revocation, after: next, removed: { ...removed, exports: removed.exports + count } };
      return next === null ? afterStep(done, nowMs) : done;
    }
  }
};

/**
 * Continues every revocation that has something to remove and that no other pass has, the oldest first. How far it came is
 * written after each piece, so that the next pass continues there whatever ends this one; a piece may be done twice. When
 * somebody else wrote it meanwhile, because they ended it, this pass leaves it.
 */
export const sweepRevocations = async (deps: Deps, untilMs: number): Promise<void> => {
  const { clock, revocations } = deps;
  const write = (next: Revocation): Promise<Revocation | undefined> => revocations.advance(next, isoTime(clock.now()));
  const mayWorkOn = (one: Revocation): boolean => isWorkable(one, clock.now()) && clock.now() < untilMs;
  for (const revocation of (await revocations.list()).reverse()) {
    if (!mayWorkOn(revocation) || isLeased(revocation, clock.now())) continue;
    // Of two passes in the same millisecond the rows differ by their owner, so that the table says which of them won.
    const lease_owner = deps.newId();
    const leased = () => ({ lease_owner, lease_until: isoTime(clock.now() + LEASE_MS) });
    let current = await write({ ...revocation, ...leased() });
    for (let hasMore = true; current && hasMore; ) {
      const next = await workOn(deps, current, untilMs);
      hasMore = mayWorkOn(next);
      current = await write({ ...next, ...(hasMore ? leased() : { lease_owner: null, lease_until: null }) });
      if (current && current.state !== revocation.state) {
        const { revocation_id, source, state, removed } = current;
        deps.log.info(`revocation ${state}`, { revocation_id, source, ...removed });
      }
    }
  }
};
