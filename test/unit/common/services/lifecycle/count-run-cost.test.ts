import { describe, expect, it } from "vitest";
import { countRunCost } from "../../../../../lambdas/common/services/lifecycle/count-run-cost.ts";
import { aRun } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { RecordingMeter } from "../../../../helpers/worlds/recording-meter.ts";

const gauged = async (getRun: () => Promise<ReturnType<typeof aRun> | undefined>) => {
  const meter = new RecordingMeter();
  await countRunCost({ runs: { getRun }, meter, log: silentLog, region: "us-east-1" }, aRun());
  meter.flush();
  return meter.written;
};

describe("the cost of a run that was closed", () => {
  it("is gauged in all and for 1,000 products, as the row has it by now", async () => {
    const run = aRun({ enriched: 500, failed: 0, used_wu: 1_600, used_put: 50 });
    expect(await gauged(async () => run)).toEqual([
      ["RunCost", 0.00125, {}],
      ["CostPerThousandProducts", 0.0025, {}],
    ]);
  });

  it("is left out when it was not counted or cannot be read", async () => {
    expect(await gauged(async () => aRun({ enriched: 5 }))).toEqual([]);
    expect(await gauged(async () => undefined)).toEqual([]);
    expect(await gauged(() => Promise.reject(new Error("not now")))).toEqual([]);
  });
});
