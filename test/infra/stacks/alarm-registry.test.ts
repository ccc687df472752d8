import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import { AlarmRegistry, alarmName, runbookSection } from "../../../lib/monitoring/alarm-registry.ts";

describe("the alarm registry", () => {
  const entry = {
    id: "Thing/Broken",
    severity: "page" as const,
    metric: new Metric({ namespace: "Test", metricName: "Broken" }),
    threshold: 1,
    impact: "Nobody is served.",
    runbook: runbookSection("Thing/Broken"),
  };

  it("takes an id once for each of several alike", () => {
    const alarms = new AlarmRegistry();
    for (const of of ["keepa", "paapi"]) alarms.add({ ...entry, of });
    expect(() => alarms.add({ ...entry, of: "keepa" })).toThrow(/"Thing\/Broken\/keepa" is taken/);
    expect(alarms.entries.map(alarmName)).toEqual(["Thing/Broken/keepa", "Thing/Broken/paapi"]);
  });

  it("takes groups of alarms, and refuses one without members and members without one", () => {
    const alarms = new AlarmRegistry();
    const group = { ...entry, id: "Things/Broken", runbook: runbookSection("Things/Broken") };
    alarms.addGroup(group);
    expect(() => alarms.groups).toThrow(/"Things\/Broken" has no members/);
    alarms.add({ ...entry, group: "Things/Broken" });
    expect(alarms.groups).toMatchObject([{ id: "Things/Broken", members: [{ id: "Thing/Broken" }] }]);
    expect(() => alarms.addGroup(group)).toThrow(/is taken/);
    alarms.add({ ...entry, of: "keepa", group: "Others/Broken" });
    expect(() => alarms.groups).toThrow(/names the group Others\/Broken/);
  });

  it("refuses an id twice, a malformed id, and the address of another section", () => {
    const alarms = new AlarmRegistry();
    alarms.add(entry);
    expect(() => alarms.add(entry)).toThrow(/is taken/);
    expect(() => alarms.add({ ...entry, id: "broken" })).toThrow(/<Component>\/<Condition>/);
    expect(() => alarms.add({ ...entry, id: "Other/Broken" })).toThrow(/must point to docs\/runbook.md#otherbroken/);
    expect(alarms.entries).toEqual([entry]);
  });
});
