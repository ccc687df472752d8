import { ConflictError, type EnrichlineError, NotFoundError, TransientError } from "../../common/core/errors.ts";
import { disabledWords, SHOP_DISABLED } from "../../common/core/marketplaces/shop-settings.ts";
import { OWN_CODES } from "../../common/core/sources/failure-codes.ts";
import type { CallTrouble } from "../../common/sources/chain/calls/call-in-slot.ts";
import type { ChainOutcome, WaitReason } from "../../common/sources/chain/chain-result.ts";

/** Seconds after which asking again may help, where nobody knows better. */
const DEFAULT_RETRY_SECONDS = 30;

const CODES: Readonly<Record<Exclude<WaitReason, "not_configured">, string>> = {
  "circuit-open": "circuit_open",
  "daily-quota": "daily_quota_used",
  paused: "source_paused",
  rate: "no_slot_in_time",
  "short-call": "no_slot_in_time",
  deadline: "no_time_left",
  "limiter-unavailable": "unavailable",
};

/** Code and wait of a refusal that ends by itself. */
const refusedFor = (reason: string, detail: string, retryAtMs: number | null, nowMs: number): TransientError => {
  const retryAfterSeconds =
    retryAtMs === null ? DEFAULT_RETRY_SECONDS : Math.max(1, Math.ceil((retryAtMs - nowMs) / 1_000));
  const code = Object.entries(CODES).find(([name]) => name === reason)?.[1] ?? "upstream_failed";
  // The detail may repeat an upstream's words.
  return new TransientError(detail, { code, retryAfterSeconds, logWords: reason });
};

/** What a request answers that only one source could serve, which gave no answer. */
export const troubleRefusal = ({ source, code, message, retryAtMs }: CallTrouble, nowMs: number): TransientError =>
  refusedFor(code, `${source}: ${message}`, retryAtMs, nowMs);

/** What a search answers that no source could carry out, by what kept the first one from it. */
export const searchRefusal = (
  troubles: readonly CallTrouble[],
  marketplace: string,
  nowMs: number,
): EnrichlineError => {
  const [first] = troubles;
  if (!first) {
    return new ConflictError(`No source with credentials can search in ${marketplace}.`, "no_source_can_search");
  }
  return troubleRefusal(first, nowMs);
};

/** The refusal of a stage without credentials. */
export const noSourceConfigured = (): ConflictError =>
  new ConflictError(
    "There are no credentials for any source yet. Store them with: enrichline credentials set creators-api",
    "no_source_configured",
  );

/** The refusal of a product that the table takes neither now nor later; runs count it as `UNSTORABLE`. */
export const unstorable = (): ConflictError =>
  new ConflictError("The product was found, but the table does not take it.", "unstorable");

/** What a look-up answers when the chain gave no product and nothing stored may stand in for it. */
export const refusalOf = (outcome: ChainOutcome | undefined, nowMs: number): EnrichlineError => {
  if (outcome === undefined) return new NotFoundError("No source has this product.");
  switch (outcome.kind) {
    case "enriched":
      return unstorable();
    case "failed": {
      const { asin, marketplace, code, message } = outcome;
      // Looked up before the switch was known here.
      if (code === OWN_CODES.SHOP_OFF) return new ConflictError(`${disabledWords(marketplace)}.`, SHOP_DISABLED);
      if (code === OWN_CODES.NO_SOURCE_FOR_SHOP) {
        return new ConflictError(`No source of this stage serves ${marketplace}.`, "no_source_for_marketplace");
      }
      return new NotFoundError(`No source has ${asin} in ${marketplace}: ${message}`);
    }
    case "retry":
      return new TransientError(`${outcome.source} failed (${outcome.code}): ${outcome.message}`, {
        code: "upstream_failed",
        retryAfterSeconds: DEFAULT_RETRY_SECONDS,
        logWords: `${outcome.source} failed (${outcome.code})`,
      });
    case "wait": {
      const { reason, detail, retryAtMs } = outcome;
      if (reason === "not_configured") return noSourceConfigured();
      return refusedFor(reason, detail, retryAtMs, nowMs);
    }
  }
};
