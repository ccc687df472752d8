import type { FailureStore, OpenFailure } from "../../adapters/dynamodb/failures/failure-store.ts";
import type { GroupTally, RunShare } from "../../core/failures/group-tally.ts";
import {
  FIRST_PART,
  type Pick as PickedRun,
  partSize,
  type SearchPlace,
  type Trial,
} from "../../core/failures/trial.ts";
import { causeOfGroup, type FailureCause } from "../../core/runs/failure-group-id.ts";
import type { RunRow } from "../../core/runs/run-row.ts";

/** Queries that the search in one run takes at most for the first part: 10 MB. A later part continues, however long it takes. */
const QUERIES_PER_RUN = 10;

/**
 * Runs of which one part takes products. The row of the group names each with its batches, and an item has 400 KB; and each is
 * reopened by some calls of its own, of which so many are made in one pass.
 */
const MAX_RUNS_PER_PART = 200;

/** Where failed products are found. */
export interface PickDeps {
  readonly failures: Pick<FailureStore, "findOpen">;
}

/** Products for the next part of a trial, and where the part after it continues. */
export interface Picked {
  readonly picks: readonly PickedRun[];
  readonly place: SearchPlace | null;
  readonly spread: Trial["spread"];
  /** Whether the search came to its end. */
  readonly isEnd: boolean;
}

/** One failed product and its run. */
export interface FailedProduct {
  readonly run: RunRow;
  readonly failure: OpenFailure;
}

/** Runs in which products can be tried now; those of a paused one would wait until somebody resumes it. */
const triable = (runs: ReadonlyMap<string, RunRow>, shares: readonly RunShare[]): RunRow[] =>
  shares.flatMap(({ tracking_id }) => {
    const run = runs.get(tracking_id);
    return run && run.state !== "paused" ? [run] : [];
  });

/** Up to `wanted` failures of a run, in the order of their keys. */
const findSome = async (
  { failures }: PickDeps,
  trackingId: string,
  cause: FailureCause,
  wanted: number,
): Promise<OpenFailure[]> => {
  const found: OpenFailure[] = [];
  let after: string | undefined;
  for (let query = 0; query < QUERIES_PER_RUN && found.length < wanted; query += 1) {
    const page = await failures.findOpen(trackingId, cause, { after, few: query === 0 });
    found.push(...page.rows);
    if (page.next === undefined) break;
    after = page.next;
  }
  return found.slice(0, wanted);
};

/** Takes one of each list in turn, so that no list has two before every other has one. */
const oneOfEach = <Item>(lists: readonly (readonly Item[])[], wanted: number): Item[] => {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1)))
    .flat()
    .slice(0, wanted);
};

/**
 * Failed products of a group, at most ten, spread over as many catalogs as there are: one catalog may have a reason of its own.
 */
export const pickSpread = async (
  deps: PickDeps,
  runs: ReadonlyMap<string, RunRow>,
  tally: GroupTally,
  wanted: number,
): Promise<FailedProduct[]> => {
  const cause = causeOfGroup(tally.group_id);
  const lists: FailedProduct[][] = [];
  for (const run of triable(runs, tally.runs).slice(0, FIRST_PART)) {
    const found = await findSome(deps, run.batch_id, cause, wanted);
    if (found.length > 0) lists.push(found.map((failure) => ({ run, failure })));
    // One of each is enough: the others have none to give before these are used up.
    if (lists.length === wanted) break;
  }
  return oneOfEach(lists, wanted);
};

const numberOf = (batchId: string): number => Number(batchId.slice(batchId.lastIndexOf("#") + 1));

const picksOf = (products: readonly FailedProduct[]): PickedRun[] =>
  [...Map.groupBy(products, ({ run }) => run)].map(([run, own]) => ({
    catalog_id: run.catalog_id,
    tracking_id: run.batch_id,
    owner_id: run.owner_id,
    batches: [...new Set(own.map(({ failure }) => numberOf(failure.batch_id)))],
    asins: own.map(({ failure }) => failure.product_key.slice(failure.product_key.indexOf("#") + 1)),
  }));

/** Picks products for the next part of a trial: the first spread over catalogs, the others run by run. */
export const pickPart = async (
  deps: PickDeps,
  runs: ReadonlyMap<string, RunRow>,
  tally: GroupTally,
  trial: Trial,
  mayContinue: () => boolean,
): Promise<Picked> => {
  if (trial.part === null && trial.place === null) {
    const products = await pickSpread(deps, runs, tally, partSize(trial));
    const spread = Object.fromEntries(products.map(({ run, failure }) => [run.batch_id, failure.product_key]));
    if (products.length > 0) return { picks: picksOf(products), place: null, spread, isEnd: false };
  }
  return pickOn(deps, runs, tally, trial, mayContinue);
};

/** Whether the search has not come to the end of a run. */
const isAhead = ({ batch_id }: RunRow, place: SearchPlace | null): boolean =>
  place === null || batch_id > place.tracking_id || (batch_id === place.tracking_id && place.product_key !== null);

/** Reads on from the trial's place. It may stop with nothing in hand, when time is over; then the place has moved. */
const pickOn = async (
  deps: PickDeps,
  runs: ReadonlyMap<string, RunRow>,
  tally: GroupTally,
  trial: Trial,
  mayContinue: () => boolean,
): Promise<Picked> => {
  const { place, spread } = trial;
  const wanted = partSize(trial);
  const cause = causeOfGroup(tally.group_id);
  const line = triable(runs, tally.runs)
    .sort((one, other) => (one.batch_id < other.batch_id ? -1 : 1))
    .filter((run) => isAhead(run, place));
  const products: FailedProduct[] = [];
  let at = place;
  const done = (isEnd: boolean): Picked => ({ picks: picksOf(products), place: at, spread, isEnd });
  for (const run of line) {
    if (new Set(products.map((product) => product.run)).size === MAX_RUNS_PER_PART) return done(false);
    const isHere = at?.tracking_id === run.batch_id;
    let after = (isHere ? at?.product_key : undefined) ?? spread[run.batch_id];
    do {
      if (products.length >= wanted || !mayContinue()) return done(false);
      const { rows, next } = await deps.failures.findOpen(run.batch_id, cause, { after });
      const taken = rows.slice(0, wanted - products.length);
      products.push(...taken.map((failure) => ({ run, failure })));
      after = taken.length < rows.length ? taken.at(-1)?.product_key : next;
      at = { tracking_id: run.batch_id, product_key: after ?? null };
    } while (after !== undefined);
  }
  return done(true);
};
