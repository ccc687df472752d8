import { expect, it } from "vitest";
import { createHandler } from "../../../lambdas/plan-refresh/handler.ts";
import { RecordingMeter } from "../../helpers/worlds/recording-meter.ts";
import { FULL, fakeSource } from "../common/sources/chain/fakes.ts";
import { RefreshWorld } from "../refresh-products/refresh-world.ts";

const names = ({ written }: RecordingMeter): string[] => written.map(([name]) => name);

it("counts the calls of its schedule, and not those of operators", async () => {
  const world = new RefreshWorld([fakeSource({ id: "creators-api", reply: () => FULL })]);
  const meter = new RecordingMeter();
  const handler = createHandler({ ...world.planDeps, meter });
  await handler({ by: "person" });
  expect(names(meter)).toEqual(["ProductsWillExpire"]);
  await handler({});
  expect(names(meter)).toEqual(["ProductsWillExpire", "ScheduledCalls", "ProductsWillExpire"]);
});

it("counts a call whose plan fails", async () => {
  const world = new RefreshWorld([fakeSource({ id: "creators-api", reply: () => FULL })]);
  const meter = new RecordingMeter();
  const readSourceStatuses = async () => {
    throw new Error("nothing can be read");
  };
  await expect(createHandler({ ...world.planDeps, readSourceStatuses, meter })({})).rejects.toThrow("nothing");
  expect(names(meter)).toEqual(["ScheduledCalls"]);
});
