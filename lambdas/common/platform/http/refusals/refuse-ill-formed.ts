import type { HonoRequest } from "hono";
import * as z from "zod";
import { ValidationError } from "../../../core/errors.ts";
import { loneSurrogateAt } from "./lone-surrogate.ts";

const IllFormedEventSchema = z.object({ ill_formed: z.string() });
const OddHeaderSchema = z.object({ odd_header: z.string() });
const FIELDS: Readonly<Record<string, string>> = { rawPath: "path", rawQueryString: "query" };
/** Bytes as an address writes them: `%C3%A9`. */
const ENCODED = /(?:%[0-9a-f]{2})+/gi;

const refused = (field: string, problem: string): ValidationError =>
  new ValidationError("The request holds text that is no Unicode.", {
    code: "invalid_text",
    errors: [{ field, problem }],
  });

const isUtf8 = (encoded: string): boolean => {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false; // the one thing that it throws for, once the digits are right
  }
};

const requireUtf8 = (field: string, address: string): void => {
  for (const [encoded] of address.matchAll(ENCODED)) {
    if (!isUtf8(encoded)) throw refused(field, `${encoded.slice(0, 24)} is no UTF-8: encode whole characters`);
  }
};

/**
 * Refuses, for all routes at once, a request with text that is no Unicode: half of a surrogate pair in the path, the
 * query, a header or the body, also as an escape anywhere in JSON, keys included. DynamoDB takes no such text, and S3
 * would store another.
 * @param event what API Gateway handed over, as `readableEvent` made it readable
 * @throws ValidationError 400 `invalid_text`
 */
export const refuseIllFormed = async (request: HonoRequest, event: unknown): Promise<void> => {
  const illFormed = IllFormedEventSchema.safeParse(event);
  if (illFormed.success) {
    const part = illFormed.data.ill_formed;
    throw refused(FIELDS[part] ?? part, "holds half of a surrogate pair: send whole characters");
  }
  const odd = OddHeaderSchema.safeParse(event);
  if (odd.success) throw refused(odd.data.odd_header.slice(0, 100), "holds characters that no header can have");
  const { pathname, search } = new URL(request.url);
  requireUtf8("path", pathname);
  requireUtf8("query", search);
  if (!request.header("content-type")?.toLowerCase().includes("json")) return;
  const bytes = new Uint8Array(await request.arrayBuffer());
  const at = loneSurrogateAt(bytes);
  if (at === undefined) return;
  const half = Buffer.from(bytes.subarray(at, at + 6)).toString("latin1");
  throw refused("body", `${half} at byte ${at} is half of a surrogate pair: send whole characters`);
};
