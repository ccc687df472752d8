import * as z from "zod";

const count = z.number().int().min(0);
/** What became of a kind of trouble. */
export const TallySchema = z.object({
  /** Calls that it could meet. */
  occasions: count,
  /** Calls that it met, with all that it is about. */
  applied: count,
  /** Calls that it was to meet and that the emulator refuses without it too: they had nothing that could go wrong. */
  refused: count,
  /** Calls that it was to meet and that went as if it were off. Any is a fault of the layer. */
  not_applied: count,
  /** Why the latest of those was not. */
  problem: z.string().optional(),
});
export type Tally = Readonly<z.infer<typeof TallySchema>>;

const NONE: Tally = { occasions: 0, applied: 0, refused: 0, not_applied: 0 };

/** Counts of every kind of trouble by its name: what is switched on and never happens must be seen. */
export class Tallies {
  readonly #byName = new Map<string, Tally>();

  of(name: string): Tally {
    return this.#byName.get(name) ?? NONE;
  }

  occasion(name: string): void {
    this.#change(name, ({ occasions }) => ({ occasions: occasions + 1 }));
  }

  applied(name: string): void {
    this.#change(name, ({ applied }) => ({ applied: applied + 1 }));
  }

  refused(name: string): void {
    this.#change(name, ({ refused }) => ({ refused: refused + 1 }));
  }

  notApplied(name: string, problem: string): void {
    this.#change(name, ({ not_applied }) => ({ not_applied: not_applied + 1, problem }));
  }

  clear(): void {
    this.#byName.clear();
  }

  report(): Record<string, Tally> {
    return Object.fromEntries(this.#byName);
  }

  #change(name: string, change: (tally: Tally) => Partial<Tally>): void {
    const tally = this.of(name);
    this.#byName.set(name, { ...tally, ...change(tally) });
  }
}
