import type { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";

/** Gives the ids of requests, each of which is one of its own. */
export const requestIds = (): (() => string) => {
  let requests = 0;
  return () => {
    requests += 1;
    return `request-${requests}`;
  };
};

/** Consumes in steps of three seconds until the run has ended. */
export const consumeToEnd = async (
  world: LifecycleWorld,
  line: ReturnType<LifecycleWorld["process"]>,
): Promise<void> => {
  for (let round = 0; round < 60 && world.run.open_shard !== undefined; round += 1) {
    world.nowMs += 3_000;
    await line.consume(10);
  }
};
