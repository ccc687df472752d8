/** How one client's proof ended; `skipped` says why it was not run. */
export type Outcome =
  | { readonly client: string; readonly result: "works" | "failed" }
  | { readonly client: string; readonly result: "skipped"; readonly why: string };

const names = (outcomes: readonly Outcome[]): string => outcomes.map(({ client }) => client).join(", ");

/**
 * What the whole run says at its end, and its exit code: 0 when nothing failed and at least one client was proven,
 * because a run that proved nothing must not look like a proof.
 */
export const concludeProofs = (outcomes: readonly Outcome[]): { lines: string[]; exitCode: 0 | 1 } => {
  const of = (result: Outcome["result"]) => outcomes.filter((outcome) => outcome.result === result);
  const [works, failed, skipped] = [of("works"), of("failed"), of("skipped")];
  const reasons = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    if (outcome.result !== "skipped") continue;
    reasons.set(outcome.why, [...(reasons.get(outcome.why) ?? []), outcome]);
  }
  const lines = [`${works.length} of ${outcomes.length} clients work${works.length > 0 ? `: ${names(works)}` : ""}`];
  if (failed.length > 0) lines.push(`FAILED: ${names(failed)}`);
  for (const [why, those] of reasons) lines.push(`SKIPPED, so not proven: ${names(those)}: ${why}`);
  if (skipped.length === outcomes.length) lines.push("Nothing was proven.");
  return { lines, exitCode: failed.length > 0 || works.length === 0 ? 1 : 0 };
};
