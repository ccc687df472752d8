import { isoTime } from "../../core/clock.ts";
import type { Product, ProductField } from "../../core/products/product.ts";
import { boundFields } from "../../core/products/product-bounds.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { BlockedBy } from "../../core/sources/blocked-by.ts";
import { VARIATIONS_OPERATION } from "../../core/sources/operation-names.ts";
import { actionFor, WORTH_REPORTING_MS } from "../../sources/chain/blocked-by.ts";
import type { CallTrouble } from "../../sources/chain/calls/call-in-slot.ts";
import type { ChainDeps } from "../../sources/chain/chain-deps.ts";
import { type ChainOptions, HORIZON_MS } from "../../sources/chain/chain-request.ts";
import type { ChainOutcome, Enriched, WaitReason } from "../../sources/chain/chain-result.ts";
import type { ChainSource } from "../../sources/chain/chain-source.ts";
import { fetchVariants, type VariantsResult } from "../../sources/chain/variations/fetch-variants.ts";

/** Refusals that end by themselves; a pause ends by a person, and a product that has all else does not wait for one. */
const PASSING = ["rate", "daily-quota", "circuit-open", "deadline", "limiter-unavailable"] as const;

/** Sources that can list the colours of a product. */
export const variationSources = (sources: readonly ChainSource[]): SourceId[] =>
  sources
    .filter(({ descriptor }) => descriptor.operations.some(({ name }) => name === VARIATIONS_OPERATION))
    .map(({ descriptor }) => descriptor.id);

/** Whether a product's colours were asked for already; also true when the answer was that it has none. */
export const hasVariations = (product: Pick<Product, "provenance">, able: readonly SourceId[]): boolean => {
  const origin = product.provenance.variants;
  return able.length === 0 || (origin !== undefined && able.includes(origin.source));
};

const withReason = (outcome: Enriched, reason: string): Enriched => ({
  ...outcome,
  missing: [...outcome.missing.filter(({ field }) => field !== "variants"), { field: "variants", reason }],
});

const withVariants = (outcome: Enriched, found: VariantsResult & { kind: "found" }): Enriched => {
  const { parentAsin, source, fetchedAt } = found;
  // Each page was within its bounds; here are all of them.
  const { fields: bounded, cuts } = boundFields({ variants: [...found.variants] });
  const variants = bounded.variants ?? [];
  const taken: ProductField[] = ["variants"];
  const fields = { ...outcome.fields, variants: variants.length > 0 ? variants : null };
  if (parentAsin !== null && !fields.parent_asin) {
    fields.parent_asin = parentAsin;
    taken.push("parent_asin");
  }
  const added = {
    ...outcome,
    fields,
    fromCache: false,
    rawKeys: [...outcome.rawKeys, ...found.rawKeys],
    provenance: {
      ...outcome.provenance,
      ...Object.fromEntries(
        taken.map((field) => [field, { source, fetched_at: fetchedAt, ...(cuts[field] ? { cut: cuts[field] } : {}) }]),
      ),
    },
  };
  return variants.length > 0 ? added : withReason(added, `${source} lists no colours for it`);
};

const waitReasonOf = ({ code, refused }: CallTrouble): WaitReason | null => {
  if (!refused || code === "paused") return null;
  return PASSING.find((reason) => reason === code) ?? "rate";
};

/** The earliest moment at which a source that only refused may be asked again; undefined when none of them did. */
const waitOf = (troubles: readonly CallTrouble[]): { trouble: CallTrouble; reason: WaitReason } | undefined =>
  troubles
    .flatMap((trouble) => {
      const reason = waitReasonOf(trouble);
      return reason === null ? [] : [{ trouble, reason }];
    })
    .sort((a, b) => (a.trouble.retryAtMs ?? Infinity) - (b.trouble.retryAtMs ?? Infinity))[0];

const blockOf = ({ source, code, retryAtMs, message }: CallTrouble, nowMs: number): BlockedBy[] => {
  if (code === "deadline" || retryAtMs === null || retryAtMs - nowMs < WORTH_REPORTING_MS) return [];
  const reason = code === "daily-quota" || code === "circuit-open" ? code : "rate";
  const action = actionFor({ source, reason, code: reason, detail: message });
  return [{ source, code: reason, action, retry_at: isoTime(retryAtMs) }];
};

/** Families that an invocation has listed already, by shop and parent: their children share one list. */
export type ListedFamilies = Map<string, VariantsResult & { kind: "found" }>;

/**
 * Adds the colours of an enriched product: all pages of its family, each page in a slot of its own. Without a slot
 * the product waits with all that it has; any other trouble leaves it enriched and says why the colours are missing.
 */
export const addVariations = async (
  deps: ChainDeps,
  outcome: Enriched,
  options: ChainOptions,
  families: ListedFamilies,
): Promise<{
  readonly outcome: ChainOutcome;
  readonly blockedBy: readonly BlockedBy[];
  warnings: readonly string[];
}> => {
  const { asin, marketplace } = outcome;
  const familyKey = (parent: string): string => `${marketplace}#${parent}`;
  const listed = families.get(familyKey(outcome.fields.parent_asin ?? asin));
  if (listed) return { outcome: withVariants(outcome, listed), blockedBy: [], warnings: [] };
  // Pages that were paid for are lost when a later one gets no slot, so each may wait longer than bulk work does.
  const patient = { ...options, horizonMs: HORIZON_MS.interactive };
  const result = await fetchVariants(deps, { asin, marketplace, options: patient });
  switch (result.kind) {
    case "found":
      families.set(familyKey(result.parentAsin ?? asin), result);
      return { outcome: withVariants(outcome, result), blockedBy: [], warnings: result.warnings };
    case "none": {
      const reason = "no source that may be asked lists the colours of a product";
      return { outcome: withReason(outcome, reason), blockedBy: [], warnings: [] };
    }
    case "unfinished": {
      const why = result.troubles.map(({ source, code, message }) => `${source}: ${code}, ${message}`).join("; ");
      const held = waitOf(result.troubles);
      const { warnings } = result;
      const rawKeys = [...outcome.rawKeys, ...result.rawKeys];
      if (!held) {
        const reasoned = withReason(outcome, `they could not be listed (${why})`);
        return { outcome: { ...reasoned, rawKeys }, blockedBy: [], warnings };
      }
      const { trouble, reason } = held;
      const { sourceFailures, fields, provenance } = outcome;
      return {
        outcome: {
          kind: "wait",
          ...{ asin, marketplace, sourceFailures, rawKeys, reason },
          source: trouble.source,
          retryAtMs: trouble.retryAtMs,
          // Every further product would want colours of the same source.
          later: false,
          detail: `its colours: ${trouble.message}`,
          partial: { fields, provenance },
        },
        blockedBy: result.troubles.flatMap((one) => blockOf(one, deps.clock.now())),
        warnings,
      };
    }
  }
};
