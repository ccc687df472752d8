/** Time kept at the end of an invocation for recording what the last upstream call brought. */
export const RECORD_MS = 15_000;
/** An upstream call is worth starting only when it may take this long before that. */
export const MIN_CALL_MS = 5_000;
