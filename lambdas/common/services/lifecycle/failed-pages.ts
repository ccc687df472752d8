import type { CodeKey, FailureStore } from "../../adapters/dynamodb/failures/failure-store.ts";
import type { FailedSelection } from "../../core/batches/reschedule/reopen-batch.ts";
import type { ListPosition } from "../../core/list-page.ts";
import { productKey } from "../../core/products/product-key.ts";
import type { FailureRow } from "../../core/runs/failure-row.ts";
import type { RunRow } from "../../core/runs/run-row.ts";

/** Failures looked up by key at once. */
const KEYS_PER_PAGE = 100;
/** Codes of which there are so many times fewer than failures in all are looked up by the index of codes. */
const RARE = 10;

/** Failed products that may be reopened, in the order of the search. */
export interface FailedPage {
  /** `position`: continues after this one. */
  readonly places: readonly { readonly batchId: string; readonly position: ListPosition }[];
  /** Continues after the page; absent at the end. */
  readonly next?: ListPosition | undefined;
}

type Failures = Pick<FailureStore, "scanOpen" | "scanCode" | "getMany">;

/** Keys under which products of a run may have failed: every ASIN in every shop of the run. */
export const failureKeys = (run: RunRow, asins: readonly string[]): string[] => {
  const shops = [...new Set(run.segments.map(({ marketplace }) => marketplace))];
  return shops.flatMap((shop) => [...new Set(asins)].map((asin) => productKey(shop, asin)));
};

/**
 * Finds the failures of a selection page by page. Those that an earlier request reopened are passed over. A page may be
 * empty: the caller has the chance to stop, and to continue later where the search was.
 * @param start a position of the same run and selection; undefined: the first failure
 */
export async function* failedPages(
  failures: Failures,
  run: RunRow,
  selection: FailedSelection,
  start: ListPosition | undefined,
): AsyncGenerator<FailedPage> {
  if (selection.asins !== undefined) {
    yield* byKey(failures, run, { ...selection, asins: selection.asins }, Number(start?.asin ?? 0));
  } else if (start === undefined ? isRare(run, selection) : "code" in start) {
    yield* byCode(failures, run, selection.errorCodes ?? [], start ?? { code: 0 });
  } else {
    yield* byRun(failures, run, selection, start);
  }
}

async function* byKey(
  failures: Failures,
  run: RunRow,
  selection: FailedSelection & { readonly asins: readonly string[] },
  start: number,
): AsyncGenerator<FailedPage> {
  const keys = failureKeys(run, selection.asins);
  for (let from = start; from < keys.length; from += KEYS_PER_PAGE) {
    const slice = keys.slice(from, from + KEYS_PER_PAGE);
    const rows = await openRows(failures, run, slice, selection.errorCodes);
    const places = slice.flatMap((key, index) => {
      const row = rows.get(key);
      return row ? [{ batchId: row.batch_id, position: { asin: from + index + 1 } }] : [];
    });
    const end = from + slice.length;
    yield { places, next: end < keys.length ? { asin: end } : undefined };
  }
}

async function* byRun(
  failures: Failures,
  run: RunRow,
  { errorCodes }: FailedSelection,
  start: ListPosition | undefined,
): AsyncGenerator<FailedPage> {
  let after = start?.product_key === undefined ? undefined : String(start.product_key);
  do {
    const { rows, next } = await failures.scanOpen(run.batch_id, { errorCodes, after });
    yield {
      places: rows.map(({ batch_id, product_key }) => ({ batchId: batch_id, position: { product_key } })),
      next: next === undefined ? undefined : { product_key: next },
    };
    after = next;
  } while (after !== undefined);
}

/** The index holds the keys of all runs, so it is read from this run's beginning on, and the rows are looked up. */
async function* byCode(
  failures: Failures,
  run: RunRow,
  codes: readonly string[],
  start: ListPosition,
): AsyncGenerator<FailedPage> {
  const keyOf = ({ failed_at, product_key, tracking_id }: ListPosition): CodeKey | undefined =>
    product_key === undefined
      ? undefined
      : { failed_at: String(failed_at), product_key: String(product_key), tracking_id: String(tracking_id) };
  let after = keyOf(start);
  for (let code = Number(start.code); code < codes.length; code += 1) {
    const errorCode = codes[code] ?? "";
    const nextCode = code + 1 < codes.length ? { code: code + 1 } : undefined;
    do {
      const { keys, next } = await failures.scanCode(run.batch_id, {
        error_code: errorCode,
        since: run.created_at,
        after,
      });
      const nextPage = next === undefined ? nextCode : { code, ...next };
      for (let from = 0; from < Math.max(1, keys.length); from += KEYS_PER_PAGE) {
        const slice = keys.slice(from, from + KEYS_PER_PAGE);
        const rows = await openRows(
          failures,
          run,
          slice.map(({ product_key }) => product_key),
          [errorCode],
        );
        const places = slice.flatMap((key) => {
          const row = rows.get(key.product_key);
          return row ? [{ batchId: row.batch_id, position: { code, ...key } }] : [];
        });
        const last = slice.at(-1);
        yield { places, next: from + slice.length < keys.length && last ? { code, ...last } : nextPage };
      }
      after = next;
    } while (after !== undefined);
  }
}

const openRows = async (
  failures: Failures,
  run: RunRow,
  keys: readonly string[],
  codes: readonly string[] | undefined,
): Promise<Map<string, FailureRow>> => {
  const rows = keys.length === 0 ? [] : await failures.getMany(run.batch_id, keys);
  const isMeant = (row: FailureRow) =>
    row.retrying_since === undefined && (codes === undefined || codes.includes(row.error_code));
  return new Map(rows.filter(isMeant).map((row) => [row.product_key, row]));
};

/** Whether the codes asked for are few among the run's failures: then the index of codes is the shorter way. */
const isRare = ({ failure_counts, failed }: RunRow, { errorCodes }: FailedSelection): boolean =>
  errorCodes !== undefined && errorCodes.reduce((sum, code) => sum + (failure_counts[code] ?? 0), 0) * RARE <= failed;
