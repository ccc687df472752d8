const BACKSLASH = 0x5c;
const U = 0x75;
/** Bytes of an escape such as `\u00e9`. */
const ESCAPE_BYTES = 6;

/** The UTF-16 unit of the escape at `at`; undefined when there is none. */
const unitAt = (json: Uint8Array, at: number): number | undefined => {
  if (json[at] !== BACKSLASH || json[at + 1] !== U || at + ESCAPE_BYTES > json.length) return undefined;
  const digits = String.fromCharCode(...json.subarray(at + 2, at + ESCAPE_BYTES));
  return /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
};

/**
 * Where JSON text (UTF-8) writes half of a surrogate pair, as byte offset; undefined when it writes none. Only escapes
 * can: UTF-8 itself has no bytes for one. Such a text is no Unicode, and DynamoDB refuses it.
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8.2
 */
export const loneSurrogateAt = (json: Uint8Array): number | undefined => {
  let at = json.indexOf(BACKSLASH);
  while (at >= 0) {
    const unit = unitAt(json, at);
    let length = unit === undefined ? 2 : ESCAPE_BYTES;
    if (unit !== undefined && unit >= 0xd800 && unit <= 0xdfff) {
      const second = unitAt(json, at + ESCAPE_BYTES) ?? 0;
      if (unit > 0xdbff || second < 0xdc00 || second > 0xdfff) return at;
      length = 2 * ESCAPE_BYTES;
    }
    at = json.indexOf(BACKSLASH, at + length);
  }
  return undefined;
};
