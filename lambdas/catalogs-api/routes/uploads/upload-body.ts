import type { Context } from "hono";
import * as z from "zod";
import { claimedFormat } from "../../../common/core/catalogs/ingest/formats/catalog-format.ts";
import { brokenCatalog, tooManyBytes } from "../../../common/core/catalogs/ingest/ingest-errors.ts";
import { REQUEST_LIMITS } from "../../../common/core/catalogs/ingest/ingest-limits.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";

/** The body of an upload as it came. */
export interface Upload {
  readonly content: Uint8Array;
  readonly contentType: string | undefined;
}

/** What API Gateway puts in the place of bytes that are no UTF-8, in bodies of types that it takes for text. */
const REPLACED = Buffer.from("\uFFFD");

const TextEventSchema = z.object({ isBase64Encoded: z.literal(false) });

/**
 * Takes the upload from the request; judging it is the ingest code's part.
 * @throws ValidationError 415 for content types that no catalog has, 413 above 1 MB, 400 `invalid_encoding` for a body
 * that was damaged on its way
 */
export const readUpload = async (c: Context<HttpEnv>): Promise<Upload> => {
  const contentType = c.req.header("content-type");
  claimedFormat(contentType);
  const content = new Uint8Array(await c.req.arrayBuffer());
  if (content.byteLength > REQUEST_LIMITS.bytes) throw tooManyBytes(REQUEST_LIMITS);
  if (TextEventSchema.safeParse(c.env?.event).success && Buffer.from(content.buffer).includes(REPLACED)) {
    throw brokenCatalog(
      "invalid_encoding",
      `The file is not UTF-8 text, or holds a character (U+FFFD) that stands for lost ones. As ${contentType ?? "text"} it cannot arrive byte by byte: send it as application/csv, or save it as "CSV UTF-8".`,
    );
  }
  return { content, contentType };
};
