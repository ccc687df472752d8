import { machineLine } from "./machine.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * What a bench says: a line on the machine and its parameters before, a table and what follows from it after, or with
 * `--json` one JSON object on standard output and everything else on standard error.
 */
export class Report {
  readonly #bench: string;
  readonly #json: boolean;
  readonly #machine = machineLine();
  readonly #parameters: Readonly<Record<string, unknown>>;

  constructor(bench: string, parameters: Readonly<Record<string, unknown>>, json: boolean) {
    this.#bench = bench;
    this.#json = json;
    this.#parameters = parameters;
    const shown = Object.entries(parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    this.say(`${this.#machine}\n${bench}: ${shown.join(", ")}`);
  }

  /** A line on how it goes. */
  readonly say = (line: string): void => {
    if (this.#json) console.error(line);
    else console.log(line);
  };

  /**
   * The result.
   * @param notes sentences on what the table means and what the goal is
   * @param data figures for `--json` beyond the table's, such as those not rounded
   */
  finish(table: Rows, notes: readonly string[], data: Readonly<Record<string, unknown>> = {}): void {
    if (this.#json) {
      console.log(
        JSON.stringify({
          bench: this.#bench,
          machine: this.#machine,
          parameters: this.#parameters,
          table,
          notes,
          ...data,
        }),
      );
      return;
    }
    console.table(table);
    for (const note of notes) console.log(note);
  }
}
