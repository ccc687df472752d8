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
  /**
   * The alarm rings at this value or above, or below it where `rings` says so. With `below-band` it is the width of the band, in
   * standard deviations, that CloudWatch learns from the metric's last two weeks.
   */
  readonly threshold: number;
  /** @default "from" */
  readonly rings?: "from" | "below" | "below-band";
  /** What a period without a value is: a queue or function that is not used writes none. @default "quiet" */
  readonly missingData?: "quiet" | "rings";
  /** Periods of the metric in a row that must be at the threshold. @default 1 */
  readonly periods?: number;
  /**
   * Rings on for so many periods after the last one at the threshold, instead of `periods`: for a fault that stays while its
   * metric is written only now and then. @default it ends with the first period below the threshold
   */
  readonly lasting?: number;
  /** Id of the group that notifies for it too; see `AlarmGroup`. @default none */
  readonly group?: string;
  /** Who is affected, and how: one sentence. */
  readonly impact: string;
  /** Where the runbook says what to do, from `runbookSection(id)`. */
  readonly runbook: string;
}

/**
 * Alarms that one cause sets off together: somebody is woken once, by the first of them. The members still notify by their own
 * severity, so give them `notice`. One that rings while the group rings wakes nobody again: group only what one person looks at
 * together.
 */
export type AlarmGroup = Pick<AlarmEntry, "id" | "severity" | "impact" | "runbook">;

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
  readonly #groups = new Map<string, AlarmGroup>();

  /** @throws Error when the id is malformed or taken, or the runbook address is not the one of this id */
  add(entry: AlarmEntry): void {
    this.#check(entry);
    this.#entries.set(alarmName(entry), entry);
  }

  /** Its members name it as their `group`. @throws Error as `add` */
  addGroup(group: AlarmGroup): void {
    this.#check(group);
    this.#groups.set(group.id, group);
  }

  #check(entry: Pick<AlarmEntry, "id" | "of" | "runbook">): void {
    if (!ID.test(entry.id)) throw new Error(`alarm id "${entry.id}" must read <Component>/<Condition>, in PascalCase`);
    const name = alarmName(entry);
    if (this.#entries.has(name) || this.#groups.has(name))
      throw new Error(`alarm id "${name}" is taken: name the component more closely`);
    if (entry.runbook !== runbookSection(entry.id)) {
      throw new Error(`alarm "${entry.id}" must point to ${runbookSection(entry.id)}, not ${entry.runbook}`);
    }
  }

  /** All entries in the order in which they were added. */
  get entries(): readonly AlarmEntry[] {
    return [...this.#entries.values()];
  }

  /** The groups, each with the alarms in it. @throws Error when an alarm names a group that is not there, or a group is empty */
  get groups(): readonly (AlarmGroup & { readonly members: readonly AlarmEntry[] })[] {
    const lost = this.entries.find(({ group }) => group !== undefined && !this.#groups.has(group));
    if (lost) throw new Error(`alarm "${alarmName(lost)}" names the group ${lost.group}, which nobody added`);
    return [...this.#groups.values()].map((group) => {
      const members = this.entries.filter((entry) => entry.group === group.id);
      if (members.length === 0) throw new Error(`the alarm group "${group.id}" has no members`);
      return { ...group, members };
    });
  }
}
