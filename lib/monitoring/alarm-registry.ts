import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** `page` wakes a person; `notice` is read in the morning. */
export type Severity = "page" | "notice";

/** One thing that may go wrong, and what it means to people. */
export interface AlarmEntry {
  /** `<Component>/<Condition>`, such as `EnrichQueue/DlqNotEmpty`; also the heading of its runbook section. */
  readonly id: string;
  /** Which one of several alike it watches, such as the id of a source; they share the section. @default it is the only one */
  readonly of?: string;
  readonly severity: Severity;
  readonly metric: IMetric;
  /** The alarm rings at this value or above, or below it where `rings` says so. */
  readonly threshold: number;
  /** @default "from" */
  readonly rings?: "from" | "below";
  /** What a period without a value is: a queue or function that is not used writes none. @default "quiet" */
  readonly missingData?: "quiet" | "rings";
  /** Periods of the metric in a row that must be at the threshold. @default 1 */
  readonly periods?: number;
  /** Who is affected, and how: one sentence. */
  readonly impact: string;
  /** Where the runbook says what to do, from `runbookSection(id)`. */
  readonly runbook: string;
}

const ID = /^[A-Z][A-Za-z0-9]*\/[A-Z][A-Za-z0-9]*$/;

/** Address of an alarm's section in the runbook. */
export const runbookSection = (id: string): string => `docs/runbook.md#${id.toLowerCase().replace("/", "")}`;

/** Name of an alarm within its stage: its id, and which one of several alike it is. */
export const alarmName = ({ id, of }: Pick<AlarmEntry, "id" | "of">): string => (of === undefined ? id : `${id}/${of}`);

/**
 * Every alarm of a stage in one list. Constructs add what they own; the Monitoring stack makes the alarms.
 *
 * @example
 * const alarms = new AlarmRegistry();
 * alarms.add({ id: "Api/ServerErrors", severity: "page", metric, threshold: 5, impact, runbook: runbookSection("Api/ServerErrors") });
 */
export class AlarmRegistry {
  readonly #entries = new Map<string, AlarmEntry>();

  /** @throws Error when the id is malformed or taken, or the runbook address is not the one of this id */
  add(entry: AlarmEntry): void {
    if (!ID.test(entry.id)) throw new Error(`alarm id "${entry.id}" must read <Component>/<Condition>, in PascalCase`);
    const name = alarmName(entry);
    if (this.#entries.has(name)) throw new Error(`alarm id "${name}" is taken: name the component more closely`);
    if (entry.runbook !== runbookSection(entry.id)) {
      throw new Error(`alarm "${entry.id}" must point to ${runbookSection(entry.id)}, not ${entry.runbook}`);
    }
    this.#entries.set(name, entry);
  }

  /** All entries in the order in which they were added. */
  get entries(): readonly AlarmEntry[] {
    return [...this.#entries.values()];
  }
}
