import type { KnownProduct } from "../../common/adapters/dynamodb/products/product-reader.ts";
import type { ProductStore } from "../../common/adapters/dynamodb/products/product-store.ts";
import type { Clock } from "../../common/core/clock.ts";
import { EnrichlineError } from "../../common/core/errors.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import { withoutEnded } from "../../common/core/licences/without-ended.ts";
import { isGiven } from "../../common/core/products/critical-fields.ts";
import { type CacheSeconds, currentFieldsOf, isCurrentCopy } from "../../common/core/products/look-up-rules.ts";
import { NOTHING_MERGED } from "../../common/core/products/merge.ts";
import { PRODUCT_FIELDS, type Product } from "../../common/core/products/product.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import { countLookups, type UsageCounters } from "../../common/services/enrich/count-usage.ts";
import type { Fetched, FetchNow, Wanted } from "../../common/services/fetch/fetch-now.ts";
import type { CountViews } from "../../common/services/refresh/count-views.ts";
import type { ChainOutcome } from "../../common/sources/chain/chain-result.ts";
import { noSourceConfigured, refusalOf, unstorable } from "./refusal-of.ts";

/** What a request may spend on sources, milliseconds: API Gateway gives up after 30 s, the function ends after 29. */
export const LOOK_UP_MS = 23_000;

/** What looking up works with. */
export interface LookUpDeps extends Pick<UsageCounters, "cacheCounters" | "log"> {
  readonly products: Pick<ProductStore, "getKnown">;
  readonly licences: LicenceBook;
  readonly fetchNow: FetchNow;
  readonly cacheSeconds: CacheSeconds;
  readonly clock: Pick<Clock, "now">;
  readonly countViews: CountViews;
}

/** Products to look up. */
export interface LookUpRequest {
  /** Distinct. */
  readonly asins: readonly string[];
  readonly marketplace: string;
  /** Whether the sources are asked whatever the table has. */
  readonly realTime: boolean;
  /** Epoch milliseconds at which the request came. */
  readonly startedMs: number;
}

/** A product, or why there is none. */
export type LookedUp = Product | EnrichlineError;

/** Whether a stored copy still says something: a field whose source still allows it, were it the price alone. */
const isWorthServing = (product: Product | undefined): product is Product =>
  product !== undefined && PRODUCT_FIELDS.some((field) => field !== "parent_asin" && isGiven(product[field]));

/**
 * What stands in for an answer of the sources: what they gave so far, else the stored copy, marked stale. Fields whose
 * licence ended meanwhile are left out, so there may be none.
 */
const standIn = (
  known: KnownProduct | undefined,
  stored: Product | undefined,
  { licences, clock }: LookUpDeps,
): Product | undefined => {
  const copy = stored ?? (known?.product && { ...known.product, stale: true });
  const allowed = copy && withoutEnded(copy, licences, clock.now());
  return isWorthServing(allowed) ? allowed : undefined;
};

const answerOf = (
  deps: LookUpDeps,
  { known }: Wanted,
  outcome: ChainOutcome | undefined,
  stored: Product | undefined,
  configured: boolean,
): LookedUp => {
  if (outcome?.kind === "enriched") {
    return stored ?? known?.product ?? unstorable();
  }
  return standIn(known, stored, deps) ?? (configured ? refusalOf(outcome, deps.clock.now()) : noSourceConfigured());
};

/** Answers at their own time: what came from the table may have ended while the sources were asked, for these or for others. */
const asOfNow = (answers: ReadonlyMap<string, LookedUp>, { licences, clock }: LookUpDeps): Map<string, LookedUp> => {
  const nowMs = clock.now();
  return new Map(
    [...answers].map(([asin, answer]) => [
      asin,
      answer instanceof EnrichlineError ? answer : withoutEnded(answer, licences, nowMs),
    ]),
  );
};

/**
 * Looks products up: from the table where all that matters is younger than the cache time, from the sources where it is
 * not, and from the table again, as a stale copy within its licence, where the sources cannot answer now.
 * @returns by ASIN, each one exactly once
 */
export const lookUp = async (deps: LookUpDeps, request: LookUpRequest): Promise<Map<string, LookedUp>> => {
  const { asins, marketplace, realTime, startedMs } = request;
  const known = await deps.products.getKnown(asins.map((asin) => productKey(marketplace, asin)));
  const nowMs = deps.clock.now();
  const answers = new Map<string, LookedUp>();
  const wanted: Wanted[] = [];
  for (const asin of asins) {
    const key = productKey(marketplace, asin);
    const found = known.get(key);
    const product = found?.product;
    if (!realTime && product && isCurrentCopy(product, nowMs, deps.cacheSeconds)) answers.set(asin, product);
    else {
      const existing = realTime || !product ? NOTHING_MERGED : currentFieldsOf(product, nowMs, deps.cacheSeconds);
      wanted.push({ key, asin, marketplace, known: found, existing });
    }
  }
  const keys = asins.map((asin) => productKey(marketplace, asin));
  const counting = Promise.all([countLookups(deps, asins.length, answers.size), deps.countViews(keys)]);
  if (wanted.length > 0) {
    const fetched: Fetched = await deps.fetchNow(wanted, {
      deadlineMs: startedMs + LOOK_UP_MS,
      includeVariations: false,
      asksAnew: realTime,
      keepsFresh: false,
    });
    for (const one of wanted) {
      const { outcomes, stored, configured } = fetched;
      answers.set(one.asin, answerOf(deps, one, outcomes.get(one.key), stored.get(one.key), configured));
    }
  }
  await counting;
  return asOfNow(answers, deps);
};
