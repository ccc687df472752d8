import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmEntry, type AlarmRegistry, alarmName } from "./alarm-registry.ts";
import type { AlarmTopics } from "./alarm-topics.ts";

export interface RegisteredAlarmsProps {
  readonly config: StageConfig;
  readonly registry: AlarmRegistry;
  readonly topics: AlarmTopics;
}

const describe = ({ severity, threshold, rings, impact, runbook, ...entry }: AlarmEntry): string =>
  `[${severity}] ${alarmName(entry)} ${rings === "below" ? "is below" : "reached"} ${threshold}. ${impact} What to do: ${runbook}`;

/** Makes a CloudWatch alarm of every entry of the registry; on stage local only of those that the emulator takes. */
export class RegisteredAlarms extends Construct {
  /** By name, in the order of the registry. */
  readonly alarms: ReadonlyMap<string, Alarm>;

  constructor(scope: Construct, id: string, { config, registry, topics }: RegisteredAlarmsProps) {
    super(scope, id);
    // The emulator refuses alarms on metric math, and evaluates none of the others either.
    const entries = registry.entries.filter(({ metric }) => !config.disposable || !(metric instanceof MathExpression));
    this.alarms = new Map(
      entries.map((entry) => {
        const name = alarmName(entry);
        const alarm = new Alarm(this, name.replaceAll("/", ""), {
          alarmName: `Enrichline-${config.stage}/${name}`,
          alarmDescription: describe(entry),
          metric: entry.metric,
          threshold: entry.threshold,
          evaluationPeriods: entry.periods ?? 1,
          comparisonOperator:
            entry.rings === "below"
              ? ComparisonOperator.LESS_THAN_THRESHOLD
              : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          treatMissingData: entry.missingData === "rings" ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
        });
        const action = new SnsAction(entry.severity === "page" ? topics.page : topics.notice);
        alarm.addAlarmAction(action);
        if (entry.severity === "page") alarm.addOkAction(action);
        return [name, alarm] as const;
      }),
    );
  }
}
