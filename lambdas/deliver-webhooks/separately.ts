import * as z from "zod";
import { errorStack } from "../common/core/error-words.ts";
import type { Deps } from "./deps.ts";

/**
 * Does the parts of a piece of work so that none keeps the others from being done. A row that cannot be read is logged and passed
 * over: it stays as it is however often it is tried.
 */
export class Separately {
  readonly #log: Pick<Deps["log"], "error">;
  readonly #failures: unknown[] = [];

  constructor({ log }: Pick<Deps, "log">) {
    this.#log = log;
  }

  /** Does one part, and remembers its failure. @param fields what names the part in the log */
  async part(fields: Readonly<Record<string, unknown>>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof z.ZodError) {
        this.#log.error("a row that cannot be read is passed over", { ...fields, error: error.message });
        return;
      }
      this.#failures.push(error);
      this.#log.error("a part failed, the others go on", { ...fields, error: errorStack(error) });
    }
  }

  /** @throws what failed first */
  end(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
