import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type * as z from "zod";
import { ValidationError } from "../../core/errors.ts";
import { parseJson } from "../../core/parse-json.ts";
import { type CursorKeys, KEY_ID_BYTES } from "./cursor-key.ts";

const CIPHER = "aes-256-gcm";
/** First byte of a cursor; another form of cursor takes another number. */
const VERSION = 1;
const ID_END = 1 + KEY_ID_BYTES;
const NONCE_END = ID_END + 12;
const TAG_BYTES = 16;

/** What a cursor is good for: its user, the list, and every filter that shapes the list. */
export type ListName = readonly [userId: string, list: string, ...shapedBy: readonly unknown[]];

/** Bound into the seal without being part of the cursor. JSON keeps apart what a separator could not. */
const bindingOf = (list: ListName): Buffer =>
  Buffer.from(JSON.stringify([VERSION, ...list.map((part) => part ?? null)]));

const refused = (cause?: unknown): ValidationError =>
  new ValidationError("This cursor does not belong to this list: start again without it.", {
    code: "invalid_cursor",
    errors: [{ field: "cursor", problem: "use next_cursor of the same list, with the same filters" }],
    cause,
  });

/**
 * The cursors that lists hand out. Each is sealed (AES-256-GCM), so that nobody can read or change it, and bound to its
 * user, list and filters, so that it opens nowhere else.
 */
export class Cursors {
  readonly #keys: CursorKeys;

  constructor(keys: CursorKeys) {
    this.#keys = keys;
  }

  /**
   * Makes the text that continues a list; null at its end.
   * @param at where the list continues, as JSON; undefined at its end
   * @throws TransientError when the key cannot be read now
   */
  async seal(list: ListName, at: unknown): Promise<string | null> {
    if (at === undefined) return null;
    const { id, key } = await this.#keys.current();
    const nonce = randomBytes(NONCE_END - ID_END);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bindingOf(list));
    const sealed = [cipher.update(JSON.stringify(at), "utf8"), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), id, nonce, ...sealed, cipher.getAuthTag()]).toString("base64url");
  }

  /**
   * Where `list` continues; undefined without a cursor.
   * @throws ValidationError `invalid_cursor` for a text that was not sealed here for this list
   * @throws TransientError when the key cannot be read now
   */
  async open<Schema extends z.ZodType>(
    list: ListName,
    cursor: string | undefined,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    if (cursor === undefined) return undefined;
    const bytes = Buffer.from(cursor, "base64url");
    // Decoding forgives strange characters: one position has exactly one text.
    const isOurForm = bytes.toString("base64url") === cursor && bytes[0] === VERSION;
    if (!isOurForm || bytes.length < NONCE_END + TAG_BYTES) throw refused();
    const found = await this.#keys.find(bytes.subarray(1, ID_END));
    if (!found) throw refused();
    const decipher = createDecipheriv(CIPHER, found.key, bytes.subarray(ID_END, NONCE_END), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(bindingOf(list))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    let text: string;
    try {
      text = Buffer.concat([decipher.update(bytes.subarray(NONCE_END, -TAG_BYTES)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw refused(cause);
    }
    // Sealed here, but maybe by a release whose positions had another form.
    const at = schema.safeParse(parseJson(text));
    if (!at.success) throw refused();
    return at.data;
  }
}
