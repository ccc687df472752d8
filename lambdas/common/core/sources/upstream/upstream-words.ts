import { boundedText } from "../../text/bounded-text.ts";
import { OWN_CODES } from "../failure-codes.ts";

/** Bytes of an upstream's message that are kept: it is stored with each product that fails by it. */
const MAX_MESSAGE_BYTES = 1_024;
/** A code is a key: of an index, of counts in the run's row, of a metric. */
const CODE = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;

/** An upstream's code and words as they can be stored. A code that is none becomes `InternalError`, before its message. */
export const upstreamWords = (said: { readonly code: string; readonly message: string }) =>
  CODE.test(said.code)
    ? { code: said.code, message: boundedText(said.message, MAX_MESSAGE_BYTES) }
    : {
        code: OWN_CODES.INTERNAL,
        message: boundedText(`${said.code.slice(0, 200)}: ${said.message}`, MAX_MESSAGE_BYTES),
      };
