import { differenceOf, NOTHING, sumOf, type Tally, timesOf } from "./usage.ts";

/**
 * Products in which a run comes to its pace, or gives it up: more than the dispatch window holds, for the batches of the
 * last window are written before.
 */
const SETTLING = 10_000;
/** Fewest products before and after those left out: what remains without the settling must show the pace. */
export const LEAST_STRETCH = 3 * SETTLING;

interface Mark {
  readonly products: number;
  readonly tally: Tally;
}

/** Leaves the middle of a long run out and extrapolates it from two stretches: the one before it and the one after. */
export class LeftOut {
  readonly #all: number;
  readonly #wanted: number;
  readonly #tally: () => Tally;
  readonly #marks: Mark[] = [];
  #done = 0;

  constructor(all: number, wanted: number, tally: () => Tally) {
    this.#all = all;
    this.#wanted = wanted;
    this.#tally = tally;
  }

  /** Products left out so far. */
  get products(): number {
    return this.#done;
  }

  /**
   * To be called often. @param asked products that upstream calls were made for
   * @param skip lets the run jump ahead; says whether it could
   */
  look(asked: number, skip: (products: number) => boolean): void {
    if (this.#wanted === 0) return;
    const half = (this.#all - this.#wanted) / 2;
    // Where the two stretches begin and end, in products asked for.
    const places = [SETTLING, half, half + SETTLING, 2 * half - SETTLING];
    const place = places[this.#marks.length];
    if (place === undefined || asked < place) return;
    if (this.#marks.length === 1) {
      if (!skip(this.#wanted)) return;
      this.#done = this.#wanted;
    }
    this.#marks.push({ products: asked, tally: this.#tally() });
  }

  /** What those left out would have taken. */
  get tally(): Tally {
    if (this.#done === 0) return NOTHING;
    const { before, after } = this.#stretches();
    return timesOf(sumOf(before, after), this.#done / 2);
  }

  /** Write units of a product in the stretch after, beside the one before: 0 when they are the same. */
  get drift(): number {
    if (this.#done === 0) return 0;
    const { before, after } = this.#stretches();
    return after.writeUnits / before.writeUnits - 1;
  }

  /** What one product took. */
  #stretches(): { readonly before: Tally; readonly after: Tally } {
    const each = (from: Mark | undefined, to: Mark | undefined): Tally => {
      if (!from || !to) throw new Error("the run ended before its pace was known");
      return timesOf(differenceOf(to.tally, from.tally), 1 / (to.products - from.products));
    };
    const [first, second, third, fourth] = this.#marks;
    return { before: each(first, second), after: each(third, fourth) };
  }
}
