import { checkSync } from "recheck";
import { isLinear, waysAtAPlace } from "./pattern-form.ts";

/** Length of the texts that parsers are fed, in characters. */
const LENGTH = 100_000;

/** A piece of each class of characters that patterns treat differently. */
export const CHARACTER_CLASSES = [
  ...["1", "a", " ", "\n", "-", ".", "(", "<", '"', "/", ":", "*"],
  ...["1 ", "a ", "1,", "٣", "在", "é", "\u200b"],
] as const;

/** A piece repeated to a length in characters. */
export const ofLength = (part: string, length = LENGTH): string => part.repeat(Math.ceil(length / part.length));

/** 100 kB of each class, in the same order. */
export const LONG_TEXTS: readonly string[] = CHARACTER_CLASSES.map((part) => ofLength(part));

/** Most steps for a character of a long text. The phrases of the shops take millions, and must see the start of a text only. */
const MAX_WAYS = 10_000;

const verdicts = new Map<string, boolean>();

/**
 * Whether a pattern takes a small fixed number of steps for each character of any text: by its form, else by the automaton that
 * recheck makes of it. A pattern that neither can judge is not.
 */
export const isCheap = (pattern: RegExp): boolean => {
  const name = String(pattern);
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const flags = pattern.flags.replace(/[gdy]/g, "");
  const verdict =
    waysAtAPlace(pattern.source) <= MAX_WAYS &&
    (isLinear(pattern.source, flags) ||
      checkSync(pattern.source, flags, { checker: "automaton", timeout: 60_000 }).status === "safe");
  verdicts.set(name, verdict);
  return verdict;
};

const { exec } = RegExp.prototype;

/**
 * Watches every pattern that is used: each method that uses one goes through `exec`. A text longer than `maxChars` may meet
 * only patterns whose steps grow with its length and no faster.
 */
export class PatternWatch {
  readonly #maxChars: number;
  /** Patterns that met a long text, with the longest. */
  readonly #met = new Map<string, { readonly pattern: RegExp; chars: number }>();

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** Patterns that cost more, each with the length of its text. */
  get costly(): string[] {
    this.stop();
    return [...this.#met.values()]
      .filter(({ pattern }) => !isCheap(pattern))
      .map(({ pattern, chars }) => `${pattern} on ${chars} characters`);
  }

  start(): void {
    this.#met.clear();
    const [maxChars, met] = [this.#maxChars, this.#met];
    RegExp.prototype.exec = function watched(this: RegExp, text: string) {
      if (text.length > maxChars) {
        const name = `/${this.source}/${this.flags}`;
        const before = met.get(name);
        if (!before) met.set(name, { pattern: this, chars: text.length });
        else before.chars = Math.max(before.chars, text.length);
      }
      return exec.call(this, text);
    };
  }

  stop(): void {
    RegExp.prototype.exec = exec;
  }
}
