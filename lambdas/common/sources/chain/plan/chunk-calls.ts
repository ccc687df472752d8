import type { Candidate } from "../candidate.ts";

const slices = (candidates: readonly Candidate[], size: number): Candidate[][] =>
  Array.from({ length: Math.ceil(candidates.length / size) }, (_, index) =>
    candidates.slice(index * size, (index + 1) * size),
  );

/**
 * Cuts candidates into calls of at most `idsPerCall` ids. Candidates without suspicion fill whole calls, and only their
 * last call may be short. Candidates of one failed call go into half-size calls among themselves, those of several into
 * calls of one id. Suspects come last, so that they cannot delay the rest.
 */
export const chunkCalls = (candidates: readonly Candidate[], idsPerCall: number): Candidate[][] => [
  ...slices(
    candidates.filter(({ company }) => company === 0),
    idsPerCall,
  ),
  ...slices(
    candidates.filter(({ company }) => company === 1),
    Math.max(1, Math.ceil(idsPerCall / 2)),
  ),
  ...slices(
    candidates.filter(({ company }) => company >= 2),
    1,
  ),
];
