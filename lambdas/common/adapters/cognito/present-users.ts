import type { Clock } from "../../core/clock.ts";
import { TransientError } from "../../core/errors.ts";
import type { UserDirectory } from "./user-directory.ts";

/** How long an answer holds, milliseconds. */
export const PRESENCE_HOLDS_MS = 60_000;
/** So much longer it holds while the user pool does not answer, milliseconds. */
export const PRESENCE_IN_DOUBT_MS = 900_000;
/** People of whom an instance remembers the answer. */
const MAX_REMEMBERED = 10_000;

/** A person, as rows and tokens name them. */
export interface NamedUser {
  /** The `sub` of their tokens. */
  readonly userId: string;
  /** Where it is known, the question is cheaper. */
  readonly username?: string;
}

/**
 * Whether people are still there and may sign in. Whatever acts for somebody asks this before it lets anything in or out, so a person
 * who was removed has nothing left, however they were removed. An instance asks the user pool once a minute for each person.
 */
export class PresentUsers {
  readonly #directory: Pick<UserDirectory, "isThere" | "hasUser">;
  readonly #clock: Pick<Clock, "now">;
  readonly #answers = new Map<string, { readonly isPresent: boolean; readonly untilMs: number }>();

  constructor(directory: Pick<UserDirectory, "isThere" | "hasUser">, clock: Pick<Clock, "now">) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** @throws TransientError when nobody can say now, nor could lately; nothing is remembered then */
  async isPresent({ userId, username }: NamedUser): Promise<boolean> {
    const known = this.#answers.get(userId);
    if (known && known.untilMs > this.#clock.now()) return known.isPresent;
    let isPresent: boolean;
    try {
      isPresent = await (username === undefined
        ? this.#directory.hasUser(userId)
        : this.#directory.isThere(username, userId));
    } catch (error) {
      const isRecent = known !== undefined && known.untilMs + PRESENCE_IN_DOUBT_MS > this.#clock.now();
      if (isRecent && error instanceof TransientError) return known.isPresent;
      throw error;
    }
    this.#answers.delete(userId);
    this.#answers.set(userId, { isPresent, untilMs: this.#clock.now() + PRESENCE_HOLDS_MS });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_REMEMBERED && oldest !== undefined) this.#answers.delete(oldest);
    return isPresent;
  }
}
