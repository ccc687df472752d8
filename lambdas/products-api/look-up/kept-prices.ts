import type { ProductHistory } from "../../common/adapters/dynamodb/product-history/product-history.ts";
import { DAY_MS } from "../../common/core/durations.ts";
import type { PriceHistory } from "../../common/core/history/price-history.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import type { RevokedSources } from "../../common/core/licences/revocations/without-revoked.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import { revokedWords } from "../../common/core/sources/revoked-words.ts";
import type { SeriesRequest } from "../../common/core/sources/source-client.ts";
import { askOnce } from "../../common/services/fetch/ask-once.ts";
import { INTERACTIVE, type InteractiveDeps } from "../../common/services/fetch/interactive-chain.ts";
import { fetchSeries } from "../../common/sources/chain/fetch-series.ts";
import { troubleRefusal } from "./refusal-of.ts";

/** How long they are given out without asking the source again: each time costs a token. */
const CURRENT_MS = DAY_MS;

/** The source that keeps prices by itself. */
export const PRICE_KEEPER: SourceId = "keepa";

/** What reading them works with. */
export interface KeptPricesDeps extends InteractiveDeps {
  readonly history: Pick<ProductHistory, "prices" | "savePrices">;
  readonly licences: LicenceBook;
  readonly revoked: () => Promise<RevokedSources>;
}

/** Prices that a source kept, or null, and what is to be said of them. */
export interface KeptPrices {
  readonly history: PriceHistory | null;
  /** Why there are none, or none newer; null: there is nothing to say. */
  readonly why: string | null;
}

/**
 * Gives the prices of a product that Keepa kept by itself: from the table while they are less than a day old, else from
 * Keepa, else from the table as they are.
 * @param deadlineMs epoch milliseconds by which the answer is there
 * @throws TransientError when Keepa cannot be asked now and the table has none
 */
export type ReadKeptPrices = (request: SeriesRequest, deadlineMs: number) => Promise<KeptPrices>;

/** Why they may not be given out at all; null: they may. What ends by licence is no series, so it must be kept without end. */
const forbidden = async ({ licences, revoked }: KeptPricesDeps): Promise<string | null> => {
  const { history, store_seconds } = licences[PRICE_KEEPER];
  if (!history || store_seconds !== null) return `The licence of ${PRICE_KEEPER} does not allow a history.`;
  return (await revoked()).has(PRICE_KEEPER) ? `${revokedWords(PRICE_KEEPER)}.` : null;
};

const saying = (history: PriceHistory): KeptPrices => ({
  history,
  why: history.series.length === 0 ? `${history.source} has no prices of this product.` : null,
});

/** Builds `ReadKeptPrices`. */
export const createReadKeptPrices =
  (deps: KeptPricesDeps): ReadKeptPrices =>
  async (request, deadlineMs) => {
    const no = await forbidden(deps);
    if (no !== null) return { history: null, why: no };
    const key = productKey(request.marketplace, request.asin);
    const stored = await deps.history.prices(key, PRICE_KEEPER);
    if (stored && deps.clock.now() - Date.parse(stored.fetched_at) < CURRENT_MS) return saying(stored);
    const sources = await deps.readSources();
    const result = await askOnce(deps, sources, deadlineMs, (chain) =>
      fetchSeries(chain, PRICE_KEEPER, request, INTERACTIVE),
    );
    switch (result.kind) {
      case "given": {
        // It may have been revoked since it was asked.
        const late = await forbidden(deps);
        if (late !== null) return { history: null, why: late };
        await deps.history.savePrices(key, result.history);
        return saying(result.history);
      }
      case "unable":
        return { history: stored ?? null, why: result.why };
      case "failed":
        if (!stored) throw troubleRefusal(result.trouble, deps.clock.now());
        return { history: stored, why: `${PRICE_KEEPER} could not be asked again now (${result.trouble.code}).` };
    }
  };
