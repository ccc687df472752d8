import { Annotations, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import { API_ROOT } from "../constructs/http-gateway.ts";
import { putOut } from "../constructs/put-out.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { AlarmTopics } from "../monitoring/alarm-topics.ts";
import { StageDashboard } from "../monitoring/dashboard/stage-dashboard.ts";
import type { Watched } from "../monitoring/dashboard/watched.ts";
import { HealthCanary } from "../monitoring/health-canary.ts";
import { RegisteredAlarms } from "../monitoring/registered-alarms.ts";

export interface MonitoringStackProps extends StackProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly watched: Watched;
}

/** Alarms of all stacks, who is notified of them, and the dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, props);
    const { config, alarms, watched } = props;
    if (config.alarm_email === undefined && !config.disposable) {
      Annotations.of(this).addWarningV2(
        "enrichline:alarm-email",
        `Nobody is notified of alarms: add "alarm_email": "<address>" under "${config.stage}" in cdk.json.`,
      );
    }
    if (config.health_canary) {
      const canary = new HealthCanary(this, "HealthCanary", {
        alarms,
        host: `${watched.api.apiId}.execute-api.${this.region}.${this.urlSuffix}`,
        path: `${API_ROOT}/health`,
      });
      putOut(this, { HealthCheckId: canary.healthCheckId });
    }
    const topics = new AlarmTopics(this, "Topics", { config });
    const registered = new RegisteredAlarms(this, "Alarms", { config, registry: alarms, topics });
    new StageDashboard(this, "Dashboard", { config, watched, alarms: registered.bySeverity });
    putOut(this, { PageTopicArn: topics.page.topicArn, NoticeTopicArn: topics.notice.topicArn });
  }
}
