import type { SourceId } from "../source-ids.ts";

/** Says why a revoked source is not asked, and what ends that. */
export const revokedWords = (source: SourceId): string =>
  `the content of ${source} was revoked, so it is not asked; an operator ends that with enrichline licence revoke ${source} --cancel`;
