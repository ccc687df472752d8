import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { alarmName } from "../../../lib/monitoring/alarm-registry.ts";
import { entries, groups, Monitoring } from "../stage/alarmed-stage.ts";
import { resourcesOf } from "../stage/resources.ts";
import { buildStage, STAGES, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

describe("every alarm", () => {
  const deployed = [...resourcesOf(Monitoring, "AWS::CloudWatch::Alarm").values()].map(({ Properties }) => Properties);

  it("says who suffers and where to read on, and notifies one topic", () => {
    for (const { AlarmDescription, AlarmActions } of deployed) {
      expect(AlarmDescription).toMatch(/^\[(page|notice)\] .+ (reached|is below) .+docs\/runbook\.md#[a-z0-9]+$/);
      expect(AlarmActions).toHaveLength(1);
    }
  });

  it("notifies the topic of its severity, and says that it is over only where it woke somebody", () => {
    const topicOf = (severity: string) => [
      { Ref: expect.stringMatching(severity === "page" ? /^TopicsPage/ : /^TopicsNotice/) },
    ];
    const composite = [...resourcesOf(Monitoring, "AWS::CloudWatch::CompositeAlarm").values()];
    for (const { AlarmName, AlarmActions, OKActions } of [
      ...deployed,
      ...composite.map(({ Properties }) => Properties),
    ]) {
      const own = [...entries, ...groups].find((entry) => AlarmName === `Enrichline-prod/${alarmName(entry)}`);
      expect(AlarmActions, String(AlarmName)).toEqual(topicOf(own?.severity ?? ""));
      expect(OKActions, String(AlarmName)).toEqual(own?.severity === "page" ? topicOf("page") : undefined);
    }
  });

  it("rings at its threshold and stays quiet without data, but for those that ring below it or for want of calls", () => {
    const others = deployed.filter(
      ({ TreatMissingData, ComparisonOperator }) =>
        TreatMissingData !== "notBreaching" || ComparisonOperator !== "GreaterThanOrEqualToThreshold",
    );
    expect(others.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      "Enrichline-prod/Api/Unreachable",
      "Enrichline-prod/DeliverWebhooks/NotRunning",
      "Enrichline-prod/DispatchBatches/NotRunning",
      "Enrichline-prod/HandleDeadLetters/NotRunning",
      "Enrichline-prod/LiveConnections/NotRunning",
      "Enrichline-prod/MainLine/SuccessRate",
      "Enrichline-prod/MainLine/SuccessRateAnomaly",
      "Enrichline-prod/PlanRefresh/NotRunning",
      "Enrichline-prod/Reconcile/NotRunning",
      "Enrichline-prod/SweepExpired/NotRunning",
      "Enrichline-prod/SweepStaging/NotRunning",
    ]);
  });

  it.each(["DispatchBatches", "SweepExpired"])("of %s rings when it was not called for five minutes", (component) => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: `Enrichline-prod/${component}/NotRunning`,
      MetricName: "Invocations",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    });
  });

  it("of reconcile rings when no pass of it got as far as to its figures: a call that fails is a call", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/Reconcile/NotRunning",
      ...{ Namespace: "Enrichline", MetricName: "ServableProducts", Statistic: "SampleCount" },
      ...{ Period: 60, EvaluationPeriods: 5, Threshold: 1 },
      ...{ ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" },
    });
  });

  it("of what is asked from outside rings when Route 53 found nothing healthy for three minutes, or said nothing", () => {
    const [[id, check] = []] = resourcesOf(Monitoring, "AWS::Route53::HealthCheck");
    expect(check?.Properties.HealthCheckConfig).toEqual({
      ...{ Type: "HTTPS", Port: 443, EnableSNI: true, ResourcePath: "/api/v1/health" },
      FullyQualifiedDomainName: {
        "Fn::Join": ["", [expect.anything(), ".execute-api.us-east-1.", { Ref: "AWS::URLSuffix" }]],
      },
      ...{ Inverted: false, MeasureLatency: false },
      ...{ RequestInterval: 30, FailureThreshold: 3, Regions: ["us-east-1", "eu-west-1", "ap-southeast-1"] },
    });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/Api/Unreachable",
      ...{ Namespace: "AWS/Route53", MetricName: "HealthCheckStatus", Statistic: "Minimum", Period: 60 },
      Dimensions: [{ Name: "HealthCheckId", Value: { Ref: id } }],
      ...{ EvaluationPeriods: 3, Threshold: 1 },
      ...{ ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" },
    });
    for (const name of STAGES) {
      const { templates } = synthesizedStage(name);
      expect(resourcesOf(templates.Monitoring, "AWS::Route53::HealthCheck").size, name).toBe(0);
    }
  });

  it("of a refused account rings on until the next trial, which comes after 15 minutes", () => {
    for (const condition of ["CriticalUpstreamError", "CriticalWithoutFallback"]) {
      Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
        AlarmName: `Enrichline-prod/MainLine/${condition}/creators-api`,
        MetricName: condition,
        ...{ Period: 300, EvaluationPeriods: 4, DatapointsToAlarm: 1, Threshold: 1 },
      });
    }
  });

  it("of a standstill rings after half an hour without a finished product while some could be worked on", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/MainLine/NoProgress",
      EvaluationPeriods: 6,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "IF(FILL(servable, 0) > 0 AND FILL(ended, 0) == 0, 1, 0)" }),
        Match.objectLike({ Id: "servable", MetricStat: Match.objectLike({ Period: 300, Stat: "Minimum" }) }),
        Match.objectLike({ Id: "ended", MetricStat: Match.objectLike({ Period: 300, Stat: "Sum" }) }),
      ]),
    });
  });

  it("of the success rate follows the stage's setting", () => {
    const alarm = (Threshold: number) => ({
      AlarmName: "Enrichline-prod/MainLine/SuccessRate",
      ComparisonOperator: "LessThanThreshold",
      EvaluationPeriods: 3,
      Threshold,
    });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", alarm(0.8));
    const settings = { alarms: { success_rate: 0.5 } };
    templatesOf(buildStage("prod", { settings })).Monitoring.hasResourceProperties(
      "AWS::CloudWatch::Alarm",
      alarm(0.5),
    );
  });

  it("of what is unusual about the success rate is there where the stage names the width of its band, and else nowhere", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/MainLine/SuccessRateAnomaly",
      AlarmDescription: Match.stringLikeRegexp("is below its usual band, 2 standard deviations wide"),
      ComparisonOperator: "LessThanLowerThreshold",
      ThresholdMetricId: "expr_1",
      EvaluationPeriods: 3,
      Threshold: Match.absent(),
      Metrics: Match.arrayWith([
        Match.objectLike({ Id: "expr_1", Expression: "ANOMALY_DETECTION_BAND(m0, 2)", ReturnData: true }),
        Match.objectLike({ Id: "m0", ReturnData: true }),
        Match.objectLike({ Id: "requests", ReturnData: false }),
      ]),
    });
    for (const name of STAGES) {
      const text = JSON.stringify(synthesizedStage(name).templates.Monitoring.toJSON());
      expect(text.includes("ANOMALY_DETECTION_BAND"), name).toBe(false);
    }
    expect(() => buildStage("prod", { settings: { alarms: { success_rate_band: 0 } } })).toThrow(/success_rate_band/);
  });

  it("that a group speaks for wakes nobody by itself: the group does, once", () => {
    const composite = [...resourcesOf(Monitoring, "AWS::CloudWatch::CompositeAlarm").values()];
    expect(composite.map(({ Properties }) => Properties.AlarmName)).toEqual(
      groups.map(({ id }) => `Enrichline-prod/${id}`),
    );
    const members = ["DispatchBatches/NotRunning", "Reconcile/NotRunning", "SweepExpired/NotRunning"];
    expect(groups.map((group) => group.members.map(alarmName))).toEqual([members]);
    expect(entries.filter(({ id }) => members.includes(id)).map(({ severity }) => severity)).toEqual(
      members.map(() => "notice"),
    );
    const [rule] = composite.map(({ Properties }) => JSON.stringify(Properties.AlarmRule));
    expect(rule?.match(/ALARM\(/g)).toHaveLength(3);
    expect(rule?.match(/ OR /g)).toHaveLength(2);
    expect(composite[0]?.Properties.AlarmDescription).toMatch(
      /^\[page\] .+DispatchBatches.+docs\/runbook\.md#schedulesstandingstill$/,
    );
  });

  it("is one that CloudWatch takes", () => {
    const DescribedSchema = z.looseObject({
      ...{ AlarmName: z.string().max(255), AlarmDescription: z.string().max(1_024), EvaluationPeriods: z.number() },
      Period: z.number().default(300),
      Metrics: z.array(z.looseObject({ Expression: z.string().optional() })).default([]),
    });
    for (const properties of deployed) {
      const { AlarmName, EvaluationPeriods, Period, Metrics } = DescribedSchema.parse(properties);
      // At most a day back, ten metrics, and no search.
      expect(EvaluationPeriods * Period, AlarmName).toBeLessThanOrEqual(86_400);
      expect(Metrics.filter(({ Expression }) => !Expression).length, AlarmName).toBeLessThanOrEqual(10);
      expect(JSON.stringify(Metrics), AlarmName).not.toContain("SEARCH(");
    }
  });

  it("of a DLQ rings at the first message that lies there, or was taken out of it and waits for a person", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/DlqNotEmpty",
      Threshold: 1,
      EvaluationPeriods: 1,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "FILL(messages, 0) + FILL(letters, 0)" }),
        Match.objectLike({
          Id: "messages",
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ MetricName: "ApproximateNumberOfMessagesVisible" }),
            ...{ Period: 60, Stat: "Maximum" },
          }),
        }),
        Match.objectLike({
          Id: "letters",
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ Namespace: "Enrichline", MetricName: "OpenDeadLetters" }),
            ...{ Period: 60, Stat: "Maximum" },
          }),
        }),
      ]),
    });
  });

  it("of queue depth stays above twice the dispatch window", () => {
    const sources = [{ id: "creators-api", calls_per_second: 50 }];
    const fast = templatesOf(buildStage("prod", { settings: { sources } })).Monitoring;
    fast.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/Depth",
      Threshold: 750,
    });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/Depth",
      Threshold: 100,
    });
  });

  it("of duration rings at 80 % of the timeout, and after ten minutes at the latest", () => {
    const duration = (Threshold: number) => ({ AlarmName: "Enrichline-prod/EnrichBatch/Duration", Threshold });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", duration(120_000));
    const settings = { function_timeout_seconds: 900 };
    templatesOf(buildStage("prod", { settings })).Monitoring.hasResourceProperties(
      "AWS::CloudWatch::Alarm",
      duration(600_000),
    );
  });
});
