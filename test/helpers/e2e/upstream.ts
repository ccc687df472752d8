import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { Outputs } from "../../../local/outputs.ts";
import { type CallReport, CallReportSchema } from "../../../local/upstreams/shared/server/call-report.ts";

/** Control routes of one simulator. */
export class Upstream {
  readonly #url: string;

  /** @param source the Creators API unless told otherwise */
  constructor(outputs: Outputs, source: SourceId = "creators-api") {
    const simulator = outputs.upstreams[source];
    if (!simulator) throw new Error(`the stack simulates no ${source}`);
    this.#url = simulator.controlUrl;
  }

  async #post(path: string, body: unknown): Promise<void> {
    const response = await fetch(this.#url + path, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  }

  /**
   * Forgets calls and faults, then sets switches. Unless told otherwise it is no slower than the stage is set to go,
   * so that only tests about the pace meet its limit.
   */
  async begin(switches: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#post("/reset", {});
    await this.set({ calls_per_second: 1_000, ...switches });
  }

  /** Changes switches; null puts one back. */
  async set(switches: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#post("/behaviour", switches);
  }

  /** What arrived since `begin`. */
  async calls(): Promise<CallReport> {
    const response = await fetch(`${this.#url}/calls`);
    return CallReportSchema.parse(await response.json());
  }
}
