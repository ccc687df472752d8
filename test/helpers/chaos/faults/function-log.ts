import { readFileSync } from "node:fs";
import type { Layout } from "../../../../local/layout.ts";

/** What the emulator and the functions in it wrote, as the log file has it now. */
export class FunctionLog {
  readonly #file: string;

  constructor(layout: Layout) {
    this.#file = `${layout.logsDir}/emulator.log`;
  }

  #lines(): string[] {
    return readFileSync(this.#file, "utf8").split("\n");
  }

  /** How often one of the functions (full names) ran into its time limit. */
  timedOut(functions: readonly string[]): number {
    return this.#lines().filter((line) => functions.some((name) => line.includes(`Lambda ${name} timed out after`)))
      .length;
  }

  /** How often the process of one of the functions (full names) died while it worked on messages of a queue. */
  diedMidBatch(functions: readonly string[]): number {
    return this.#lines().filter(
      (line) =>
        line.includes("errorMessage=Worker process died") &&
        functions.some((name) => line.includes(`ESM: Lambda ${name} failed processing SQS batch`)),
    ).length;
  }

  /** How often a function wrote this message with these fields. What a killed process wrote may be missing. */
  said(message: string, fields: Readonly<Record<string, string>>): number {
    // Not read as JSON: the last line may be half written.
    const parts = Object.entries({ message, ...fields }).map(
      ([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`,
    );
    return this.#lines().filter((line) => parts.every((part) => line.includes(part))).length;
  }
}
