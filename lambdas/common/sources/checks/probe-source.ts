import type { SourceClient } from "../../core/sources/source-client.ts";
import type { ProbeReport } from "../../core/sources/source-descriptor.ts";
import { SourceError } from "../../core/sources/source-error.ts";

/** A book that every shop has carried for decades; whether it is found does not matter, only that an answer comes. */
const PROBE_ASIN = "0141439513";
const PROBE_TIMEOUT_MS = 30_000;

/**
 * Makes one cheap call and says in plain words whether the source answers.
 * @param explain the source's own words for its error codes
 * @param found sentence for the case that all is well
 */
export const probeSource = async (
  client: SourceClient,
  marketplace: string,
  explain: (code: string) => { readonly reason: string; readonly next_step: string },
  found: string,
): Promise<ProbeReport> => {
  try {
    await client.fetchProducts({ marketplace, asins: [PROBE_ASIN] }, AbortSignal.timeout(PROBE_TIMEOUT_MS));
    return { ok: true, reason: found, next_step: "" };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { reason, next_step } = explain(error.code);
    return { ok: false, reason, next_step };
  }
};
