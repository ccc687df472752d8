import { REQUEST_LIMITS } from "../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import type { IngestInput } from "../../../lambdas/common/core/catalogs/ingest/ingest-report.ts";

/** A stream of `content` cut into chunks of `size` bytes. */
export async function* chunksOf(content: string | Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.subarray(start, start + size);
}

/** A catalog for www.amazon.com under the limits of a request; anything may be given otherwise. */
export const catalogInput = (content: string | Uint8Array, given: Partial<IngestInput> = {}): IngestInput => ({
  body: chunksOf(content),
  marketplace: "www.amazon.com",
  limits: REQUEST_LIMITS,
  ...given,
});
