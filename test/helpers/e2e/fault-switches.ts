import * as z from "zod";
import { type Tally, TallySchema } from "../../../local/faults/tallies.ts";
import type { Outputs } from "../../../local/outputs.ts";

const ReportSchema = z.object({
  settings: z.record(z.string(), z.number()),
  calls: z.record(z.string(), z.number()),
  troubles: z.record(z.string(), TallySchema),
});
type FaultReport = z.infer<typeof ReportSchema>;

/** Kinds of trouble that were to happen to a call and did not: a test that counts on them proves less than it says. */
export const notApplied = (tallies: Readonly<Record<string, Tally>>): Record<string, Tally> =>
  Object.fromEntries(Object.entries(tallies).filter(([, { not_applied }]) => not_applied > 0));

/** The switches of a stack's fault layer. */
export class FaultSwitches {
  readonly #url: string;

  constructor({ faults }: Outputs) {
    if (!faults) throw new Error("the stack has no fault layer");
    this.#url = `${faults.controlUrl}/faults`;
  }

  async report(): Promise<FaultReport> {
    return ReportSchema.parse(await (await fetch(this.#url)).json());
  }

  /** Changes the named switches. */
  async set(wish: Readonly<Record<string, number>>): Promise<void> {
    const response = await fetch(this.#url, { method: "POST", body: JSON.stringify(wish) });
    if (!response.ok) throw new Error(`the fault layer answered ${response.status}: ${await response.text()}`);
  }
}
