import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  CompositeAlarm,
  MathExpression,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmEntry, type AlarmRegistry, alarmName, type Severity } from "./alarm-registry.ts";
import type { AlarmTopics } from "./alarm-topics.ts";

export interface RegisteredAlarmsProps {
  readonly config: StageConfig;
  readonly registry: AlarmRegistry;
  readonly topics: AlarmTopics;
}

/** What happened, by how the alarm compares. */
const happened = ({ threshold, rings = "from" }: Pick<AlarmEntry, "threshold" | "rings">): string =>
  ({
    from: `reached ${threshold}`,
    below: `is below ${threshold}`,
    "below-band": `is below its usual band, ${threshold} standard deviations wide`,
  })[rings];

/** What a person reads first: what happened, who is affected, and where to read on. */
const describe = (
  { id, of, severity, impact, runbook }: Pick<AlarmEntry, "id" | "of" | "severity" | "impact" | "runbook">,
  what: string,
): string => `[${severity}] ${alarmName({ id, ...(of && { of }) })} ${what}. ${impact} What to do: ${runbook}`;

/** Makes a CloudWatch alarm of every entry and group of the registry; on stage local only of those that the emulator takes. */
export class RegisteredAlarms extends Construct {
  /** In the order of the registry; groups first. */
  readonly bySeverity: Readonly<Record<Severity, readonly AlarmBase[]>>;
  readonly #props: RegisteredAlarmsProps;

  constructor(scope: Construct, id: string, props: RegisteredAlarmsProps) {
    super(scope, id);
    this.#props = props;
    const { config, registry } = props;
    // The emulator refuses alarms on metric math, and evaluates none of the others either.
    const entries = registry.entries.filter(({ metric }) => !config.disposable || !(metric instanceof MathExpression));
    const single = new Map(entries.map((entry) => [alarmName(entry), this.#single(entry)]));
    const made = [
      ...(config.disposable ? [] : registry.groups).map(
        (group) => [group.severity, this.#group(group, single)] as const,
      ),
      ...entries.flatMap((entry) => {
        const alarm = single.get(alarmName(entry));
        return alarm ? [[entry.severity, alarm] as const] : [];
      }),
    ];
    const of = (wanted: Severity) => made.flatMap(([severity, alarm]) => (severity === wanted ? [alarm] : []));
    this.bySeverity = { page: of("page"), notice: of("notice") };
  }

  #fullName(name: string): string {
    return `Enrichline-${this.#props.config.stage}/${name}`;
  }

  #single(entry: AlarmEntry): Alarm {
    const name = alarmName(entry);
    const { metric, threshold, rings = "from", periods = 1, lasting } = entry;
    const common = {
      alarmName: this.#fullName(name),
      alarmDescription: describe(entry, happened(entry)),
      metric,
      evaluationPeriods: lasting ?? periods,
      ...(lasting === undefined ? {} : { datapointsToAlarm: 1 }),
      treatMissingData: entry.missingData === "rings" ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    };
    const id = name.replaceAll("/", "");
    const alarm =
      rings === "below-band"
        ? new AnomalyDetectionAlarm(this, id, {
            ...common,
            stdDevs: threshold,
            comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_THRESHOLD,
          })
        : new Alarm(this, id, {
            ...common,
            threshold,
            comparisonOperator:
              rings === "below"
                ? ComparisonOperator.LESS_THAN_THRESHOLD
                : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          });
    this.#notify(alarm, entry.severity);
    return alarm;
  }

  #group(group: AlarmRegistry["groups"][number], single: ReadonlyMap<string, Alarm>): CompositeAlarm {
    const members = group.members.flatMap((member) => single.get(alarmName(member)) ?? []);
    const alarm = new CompositeAlarm(this, group.id.replaceAll("/", ""), {
      compositeAlarmName: this.#fullName(group.id),
      alarmDescription: describe(group, `rings, because one of ${group.members.map(alarmName).join(", ")} does`),
      alarmRule: AlarmRule.anyOf(...members),
    });
    this.#notify(alarm, group.severity);
    return alarm;
  }

  /** One topic a severity; a page also learns that it is over. */
  #notify(alarm: AlarmBase, severity: Severity): void {
    const { topics } = this.#props;
    const action = new SnsAction(severity === "page" ? topics.page : topics.notice);
    alarm.addAlarmAction(action);
    if (severity === "page") alarm.addOkAction(action);
  }
}
