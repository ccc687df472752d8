import { QuotaSchema, type SourceQuota } from "../../lambdas/common/core/contract/operations/quota.ts";
import type { ApiClient } from "../api/api-client.ts";
import { CliError } from "../cli-error.ts";

/** Why an upload has no estimate, and what to do: a sentence or two each. */
export interface NoEstimate {
  readonly reason: string;
  readonly next_step: string;
}

/** What the user said about sources. */
export interface SourceWish {
  readonly provider?: string | undefined;
  readonly fallback: boolean;
}

/** Sources that this upload may ask, the wished one first. */
const allowed = (sources: readonly SourceQuota[], { provider, fallback }: SourceWish): readonly SourceQuota[] => {
  const wished = sources.filter(({ source }) => source === provider);
  if (!fallback && provider !== undefined) return wished;
  return [...wished, ...sources.filter(({ source }) => source !== provider)];
};

const explain = (sources: readonly SourceQuota[], wish: SourceWish): NoEstimate => {
  const [first] = sources;
  if (!first) {
    return {
      reason: "No source is enabled on this stage.",
      next_step: 'Add one to the stage\'s "sources" in cdk.json and deploy.',
    };
  }
  const ready = sources.filter(({ state }) => state !== "not_configured");
  if (ready.length === 0) {
    return { reason: sources.map(({ reason }) => reason).join(" "), next_step: first.next_step };
  }
  const asked = wish.fallback ? ready : ready.slice(0, 1);
  const names = asked.map(({ source }) => source).join(", ");
  const others = wish.fallback
    ? "store credentials for a source that serves it (enrichline credentials status lists them)"
    : "leave --no-fallback away, so that other sources are asked, too";
  return {
    reason: `The file has products of a shop that cannot be asked at ${names}.`,
    next_step: `Check the file's marketplace column and --marketplace; if the shop is meant, ${others}.`,
  };
};

/**
 * Finds out why the API gave no estimate: no source that may be asked has credentials, or none serves a shop of the
 * file. The upload itself has succeeded, so a failure to find out becomes the reason and does not end the command.
 */
export const explainNoEstimate = async (api: ApiClient, wish: SourceWish): Promise<NoEstimate> => {
  try {
    const { sources } = await api.call({ path: "/quota", answer: QuotaSchema });
    return explain(allowed(sources, wish), wish);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return {
      reason: `No source that may be asked serves these products. Why, could not be found out: ${error.message}`,
      next_step: "See the state of the sources with: enrichline quota",
    };
  }
};
