import { isoTime } from "../../core/clock.ts";
import { errorWords } from "../../core/error-words.ts";
import { mergeFields } from "../../core/products/merge.ts";
import { OFFERS_OPERATION } from "../../core/sources/operation-names.ts";
import type { SourceAnswer, SourceItemFailure } from "../../core/sources/source-client.ts";
import type { Candidate } from "./candidate.ts";
import type { ChainPass } from "./chain-pass.ts";
import type { ReadySource } from "./chain-source.ts";

const NOT_RETURNED = { code: "NotReturned", message: "the source neither returned the product nor said why" };

/** Adds a source's failure of one id to its candidate, by the class of the code. */
export const takeItemFailure = (
  source: ReadySource,
  candidate: Candidate,
  failure: { readonly code: string; readonly message: string },
): void => {
  const { id, classifyError } = source.descriptor;
  const { code, message } = failure;
  const failureClass = code === NOT_RETURNED.code ? "permanent" : classifyError(code);
  if (failureClass === "retriable" || failureClass === "throttled") {
    // The answer names this product, so a retriable failure counts against it; a throttle never does.
    const counts = failureClass === "retriable";
    candidate.retriable.push({ source: id, code, message, counts, suspicion: false });
    return;
  }
  candidate.answered.add(id);
  candidate.failures.push({
    source: id,
    code,
    message,
    failureClass: failureClass === "not_found" ? "not_found" : "permanent",
  });
};

const archive = async (
  pass: ChainPass,
  source: ReadySource,
  operation: string,
  candidates: readonly Candidate[],
  answer: { readonly raw: string; readonly fetchedAt: string },
): Promise<void> => {
  const first = candidates[0];
  if (!pass.deps.recordRaw || !first) return;
  try {
    const key = await pass.deps.recordRaw({
      source: source.descriptor.id,
      operation,
      marketplace: first.marketplace,
      asins: candidates.map(({ asin }) => asin),
      ...answer,
    });
    for (const candidate of candidates) candidate.rawKeys.push(key);
  } catch (error) {
    pass.warnings.push(`raw answer of ${source.descriptor.id} was not archived: ${errorWords(error)}`);
  }
};

/**
 * Applies an answer to its candidates: merges fields, records single failures by their class, archives the body.
 * An id that the answer omits counts as a permanent failure at this source, so that the next source is asked.
 */
export const absorbAnswer = async (
  pass: ChainPass,
  source: ReadySource,
  operation: string,
  candidates: readonly Candidate[],
  answer: SourceAnswer,
): Promise<void> => {
  const fetchedAt = isoTime(pass.deps.clock.now());
  const provenance = { source: source.descriptor.id, fetched_at: fetchedAt };
  const products = new Map(answer.products.map((product) => [product.asin, product]));
  const failures = new Map<string, SourceItemFailure>(answer.failures.map((failure) => [failure.asin, failure]));
  for (const candidate of candidates) {
    const product = products.get(candidate.asin);
    if (product) {
      candidate.merged = mergeFields(candidate.merged, product.fields, provenance, product.cuts);
      candidate.answered.add(source.descriptor.id);
      if (operation === OFFERS_OPERATION) candidate.offered.add(source.descriptor.id);
    } else takeItemFailure(source, candidate, failures.get(candidate.asin) ?? NOT_RETURNED);
  }
  await archive(pass, source, operation, candidates, { raw: answer.raw, fetchedAt });
};
