import type { RefreshJobProduct, SkipReason, StoredRefreshJob } from "./refresh-job.ts";

/** The job as it ended, by the outcomes of its products. Those that are still pending were skipped. */
export const settledJob = (
  job: StoredRefreshJob,
  end: {
    readonly products: readonly RefreshJobProduct[];
    readonly now: string;
    readonly skipReason: SkipReason | null;
    readonly errorMessage?: string | null;
  },
): StoredRefreshJob => {
  const { lease_owner: _owner, lease_until: _until, ...rest } = job;
  const products = end.products.map((product) =>
    product.outcome === "pending" ? { ...product, outcome: "skipped" as const } : product,
  );
  const failed = products.find(({ outcome }) => outcome === "failed");
  const isServed = products.some(({ outcome }) => outcome === "refreshed" || outcome === "unavailable");
  const isSkipped = products.every(({ outcome }) => outcome !== "failed") && !isServed;
  return {
    ...rest,
    products,
    status: isServed ? "success" : isSkipped ? "skipped" : "failed",
    completed_at: end.now,
    error_code: failed?.error_code ?? null,
    error_message: failed ? (end.errorMessage ?? null) : null,
    skip_reason: products.some(({ outcome }) => outcome === "skipped")
      ? end.skipReason
      : isSkipped
        ? "nothing_due"
        : null,
  };
};
