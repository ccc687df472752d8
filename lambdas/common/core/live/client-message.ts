import * as z from "zod";
import { CatalogIdSchema } from "../catalogs/catalog-id.ts";
import { ValidationError } from "../errors.ts";
import { SellerHandleSchema } from "../shop/shop-ids.ts";
import { utf8Bytes } from "../text/bounded-text.ts";
import { MAX_MESSAGE_BYTES } from "./live-limits.ts";

/** What a client may send over its WebSocket. */
export const ClientMessageSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("subscribe_to_seller"), seller_handle: SellerHandleSchema }),
  z.strictObject({ action: z.literal("unsubscribe_from_seller"), seller_handle: SellerHandleSchema }),
  z.strictObject({ action: z.literal("subscribe_to_catalog"), catalog_id: CatalogIdSchema }),
  z.strictObject({ action: z.literal("ping") }),
]);
export type ClientMessage = z.infer<typeof ClientMessageSchema>;

const ACTIONS = ClientMessageSchema.options.map(({ shape }) => shape.action.value).join(", ");

/**
 * Reads a frame of a client.
 * @throws ValidationError with a code for the client: `message_too_large`, `invalid_json` or `invalid_message`
 */
export const readClientMessage = (text: string): ClientMessage => {
  if (utf8Bytes(text) > MAX_MESSAGE_BYTES) {
    throw new ValidationError(`A message has at most ${MAX_MESSAGE_BYTES} bytes.`, { code: "message_too_large" });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ValidationError('Send JSON, such as {"action": "ping"}.', { code: "invalid_json", cause });
  }
  const parsed = ClientMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "message"}: ${message}`);
  throw new ValidationError(`Known actions: ${ACTIONS}. ${problems.join("; ")}`, {
    code: "invalid_message",
    cause: parsed.error,
  });
};
