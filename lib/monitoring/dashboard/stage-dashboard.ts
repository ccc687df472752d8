import { type AlarmBase, AlarmState, AlarmStatusWidget, Dashboard, type IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import type { Severity } from "../alarm-registry.ts";
import { costSection } from "./cost-section.ts";
import { liveSection, shopSection, sourcesSection, webhooksSection } from "./line-sections.ts";
import { functionsSection, queuesSection, tablesSection, workSection } from "./main-sections.ts";
import type { Watched } from "./watched.ts";
import { FULL_WIDTH, heading } from "./widgets.ts";

export interface StageDashboardProps {
  readonly config: StageConfig;
  readonly watched: Watched;
  readonly alarms: Readonly<Record<Severity, readonly AlarmBase[]>>;
}

/** A widget takes so many alarms. @see Dashboard Body Structure and Syntax in the CloudWatch API reference */
const MAX_ALARMS = 100;

/** All pages, and of the notices, which are many, those that ring. */
const alarmsSection = ({ config, alarms: { page, notice } }: StageDashboardProps): IWidget[][] => {
  const widgets = Math.max(1, Math.ceil(notice.length / MAX_ALARMS));
  const part = Math.ceil(notice.length / widgets);
  return [
    heading(`Enrichline ${config.stage}: alarms`),
    [new AlarmStatusWidget({ title: "Pages", alarms: [...page], width: FULL_WIDTH, height: 4 })],
    Array.from(
      { length: widgets },
      (_, index) =>
        new AlarmStatusWidget({
          title: widgets === 1 ? "Notices that ring" : `Notices that ring, ${index + 1} of ${widgets}`,
          alarms: notice.slice(index * part, (index + 1) * part),
          states: [AlarmState.ALARM],
          width: FULL_WIDTH / widgets,
          height: 3,
        }),
    ),
  ];
};

/**
 * The dashboard `Enrichline-<stage>`, in the order in which one looks: what rings, what users get, whether work moves, whether the
 * code runs, what the sources give, and then the lines beside the main line. The runbook's first page follows it.
 */
export class StageDashboard extends Construct {
  constructor(scope: Construct, id: string, props: StageDashboardProps) {
    super(scope, id);
    const { config, watched } = props;
    new Dashboard(this, "Board", {
      dashboardName: `Enrichline-${config.stage}`,
      widgets: [
        ...alarmsSection(props),
        ...workSection(config, watched),
        ...queuesSection(config, watched),
        ...functionsSection(watched),
        ...sourcesSection(config),
        ...costSection(config),
        ...(config.shop_line ? shopSection(config) : []),
        ...(config.webhooks ? webhooksSection(config) : []),
        ...liveSection(config, watched),
        ...tablesSection(watched),
      ],
    });
  }
}
