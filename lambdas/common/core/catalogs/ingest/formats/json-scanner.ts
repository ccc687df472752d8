import { brokenCatalog } from "../ingest-errors.ts";
import { MAX_RECORD_BYTES } from "../ingest-limits.ts";

/** What the scanner finds. `text` is the bytes of one JSON value as they stood, not yet parsed. */
export interface JsonScannerEvents {
  /** A value of the document's own keys, other than the list of products. */
  readonly onEnvelope: (key: string, bytes: Uint8Array, line: number) => void;
  /** One item of the list; `line` is where it starts, from 1. */
  readonly onItem: (bytes: Uint8Array, line: number) => void;
}

type Place =
  | "start"
  | "first-key"
  | "key"
  | "colon"
  | "value"
  | "after-value"
  | "first-item"
  | "item"
  | "after-item"
  | "end";
type Target = "key" | "envelope" | "item";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
const endsPrimitive = (byte: number): boolean =>
  isSpace(byte) || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT;

/**
 * Cuts a JSON catalog into its items without holding it: a bare list, or an object with `products` or `asins`.
 * It only finds where values start and end; each is then parsed by itself, so memory is bounded by the largest one.
 */
export class JsonScanner {
  readonly #events: JsonScannerEvents;
  #place: Place = "start";
  #bare = false;
  #lists = 0;
  #key = "";
  #line = 1;
  /** The value being cut out: what it is for, where it began and how deep the scanner stands in it. */
  #target: Target | undefined;
  #startLine = 1;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(events: JsonScannerEvents) {
    this.#events = events;
  }

  /** Takes the next bytes of the document (UTF-8, cut anywhere). @throws ValidationError `malformed_json` with the line */
  feed(bytes: Uint8Array): void {
    let valueStart = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      if (this.#target === undefined) {
        if (byte === NEWLINE) this.#line++;
        if (isSpace(byte) || !this.#between(byte)) continue;
        valueStart = i;
      }
      const end = this.#within(byte, i);
      if (end < 0) continue;
      this.#finish(bytes.subarray(valueStart, end));
      // A number or word ends before the byte that ended it, which is still to be read.
      if (end === i) i--;
    }
    if (this.#target !== undefined) this.#hold(bytes.subarray(valueStart));
  }

  /** Ends the document. @throws ValidationError `malformed_json` when it breaks off or has no list of products */
  end(): void {
    if (this.#place !== "end") throw this.#broken("it breaks off before its end");
    if (this.#lists === 0) {
      throw this.#broken(
        'it has no list of products: give {"products": [{"asin": "…"}]}, {"asins": ["…"]} or a bare list',
      );
    }
  }

  #broken(problem: string): Error {
    return brokenCatalog("malformed_json", `The JSON cannot be read at line ${this.#line}: ${problem}.`);
  }

  /** Reads a byte between values. @returns true when a value starts with it */
  #between(byte: number): boolean {
    switch (this.#place) {
      case "start":
        if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) throw this.#broken("it starts with neither { nor [");
        this.#bare = byte === OPEN_LIST;
        this.#place = this.#bare ? "first-item" : "first-key";
        if (this.#bare) this.#lists++;
        return false;
      case "first-key":
        if (byte === CLOSE_OBJECT) return this.#move("end");
        if (byte !== QUOTE) throw this.#broken("a key in quotes is expected");
        return this.#begin("key");
      case "key":
        if (byte !== QUOTE) throw this.#broken("a key in quotes is expected");
        return this.#begin("key");
      case "colon":
        if (byte !== COLON) throw this.#broken("a colon is expected after a key");
        return this.#move("value");
      case "value":
        if (this.#key !== "products" && this.#key !== "asins") return this.#begin("envelope");
        if (byte !== OPEN_LIST) throw this.#broken(`"${this.#key}" must be a list`);
        this.#lists++;
        return this.#move("first-item");
      case "after-value":
        if (byte === COMMA) return this.#move("key");
        if (byte === CLOSE_OBJECT) return this.#move("end");
        throw this.#broken("a comma or } is expected");
      case "first-item":
        if (byte === CLOSE_LIST) return this.#move(this.#bare ? "end" : "after-value");
        return this.#begin("item");
      case "item":
        return this.#begin("item");
      case "after-item":
        if (byte === COMMA) return this.#move("item");
        if (byte === CLOSE_LIST) return this.#move(this.#bare ? "end" : "after-value");
        throw this.#broken("a comma or ] is expected between products");
      case "end":
        throw this.#broken("there is more after its end; send one object a line as application/x-ndjson");
    }
  }

  #move(place: Place): false {
    this.#place = place;
    return false;
  }

  #begin(target: Target): true {
    this.#target = target;
    this.#startLine = this.#line;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    return true;
  }

  /** Reads a byte of a value. @returns the index after its last byte, or -1 while it continues */
  #within(byte: number, at: number): number {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        if (this.#depth === 0) return at + 1;
      }
      return -1;
    }
    if (byte === QUOTE) {
      this.#inString = true;
      return -1;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.#depth++;
      return -1;
    }
    if (this.#depth === 0) return endsPrimitive(byte) ? at : -1;
    if (byte === NEWLINE) this.#line++;
    if (byte !== CLOSE_OBJECT && byte !== CLOSE_LIST) return -1;
    this.#depth--;
    return this.#depth === 0 ? at + 1 : -1;
  }

  #hold(piece: Uint8Array): void {
    this.#held += piece.length;
    if (this.#held > MAX_RECORD_BYTES) throw this.#broken("one value is longer than 1 MB");
    this.#pieces.push(piece);
  }

  #finish(last: Uint8Array): void {
    this.#hold(last);
    const whole = this.#pieces.length === 1 ? last : new Uint8Array(this.#held);
    if (this.#pieces.length > 1) {
      let offset = 0;
      for (const piece of this.#pieces) {
        whole.set(piece, offset);
        offset += piece.length;
      }
    }
    this.#pieces = [];
    this.#held = 0;
    const target = this.#target;
    this.#target = undefined;
    if (target === "item") {
      this.#place = "after-item";
      this.#events.onItem(whole, this.#startLine);
    } else if (target === "envelope") {
      this.#place = "after-value";
      this.#events.onEnvelope(this.#key, whole, this.#startLine);
    } else {
      this.#place = "colon";
      this.#key = this.#readKey(whole);
    }
  }

  #readKey(bytes: Uint8Array): string {
    try {
      return String(JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      throw this.#broken("a key is not a right string");
    }
  }
}
