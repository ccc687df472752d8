import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { clientConfig } from "../../../../local/aws-environment.ts";

/**
 * Does work while the stage's schedule does not call a function: for tests that call it themselves, and hold what one pass
 * counts, since of two passes at once neither knows what the other removed.
 * @param name a part of the function's name
 */
export const withoutSchedule = async (emulatorUrl: string, name: string, work: () => Promise<void>): Promise<void> => {
  const client = new SchedulerClient(clientConfig(emulatorUrl));
  const { Schedules = [] } = await client.send(new ListSchedulesCommand({}));
  const found = Schedules.filter(({ Target }) => Target?.Arn?.includes(name));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} schedules call a function named ${name}`);
  const schedule = await client.send(new GetScheduleCommand({ Name: only.Name, GroupName: only.GroupName }));
  const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = schedule;
  const set = (State: "ENABLED" | "DISABLED") =>
    client.send(new UpdateScheduleCommand({ Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target, State }));
  try {
    await set("DISABLED");
    await work();
  } finally {
    await set("ENABLED");
    client.destroy();
  }
};
