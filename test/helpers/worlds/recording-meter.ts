import type { Meter } from "../../../lambdas/common/platform/metrics.ts";

/** What was counted or gauged: name, value and dimensions. */
export type Figure = readonly [name: string, value: number, dimensions: Readonly<Record<string, string>>];

/** A meter that keeps what is written, as CloudWatch gets it: what was not flushed does not count. */
export class RecordingMeter implements Meter {
  /** Figures that were written out. */
  readonly written: Figure[] = [];
  #open: Figure[] = [];

  count(...[name, value, dimensions = {}]: Parameters<Meter["count"]>): void {
    this.#open.push([name, value, dimensions]);
  }

  duration(...[name, value, dimensions = {}]: Parameters<Meter["duration"]>): void {
    this.#open.push([name, value, dimensions]);
  }

  gauge(...[name, value, dimensions = {}]: Parameters<Meter["gauge"]>): void {
    this.#open.push([name, value, dimensions]);
  }

  flush(): void {
    this.written.push(...this.#open);
    this.#open = [];
  }
}
