import { createHash, randomBytes } from "node:crypto";

/** A preview older than this no longer says what would happen. */
const GOOD_FOR_MS = 15 * 60_000;
/** Previews that nobody confirms must not pile up. */
const MAX_OPEN = 100;

/** What a confirmation is bound to; any other value needs a preview of its own. */
export type Bound = Readonly<Record<string, unknown>>;

const digestOf = (bound: Bound): string => createHash("sha256").update(JSON.stringify(bound)).digest("hex");

/** Tokens of previews: each confirms once, within a quarter of an hour, exactly what was previewed. */
export class Confirmations {
  readonly #now: () => number;
  readonly #open = new Map<string, { readonly digest: string; readonly endsAtMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A token for what was previewed. */
  issue(bound: Bound): string {
    const token = randomBytes(16).toString("base64url");
    this.#open.set(token, { digest: digestOf(bound), endsAtMs: this.#now() + GOOD_FOR_MS });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
    return token;
  }

  /** Takes a token. @returns whether it was given for exactly this and is still good */
  take(token: string, bound: Bound): boolean {
    const found = this.#open.get(token);
    if (found === undefined || found.digest !== digestOf(bound)) return false;
    this.#open.delete(token);
    return this.#now() < found.endsAtMs;
  }
}
