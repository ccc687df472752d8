import { expect, it } from "vitest";
import { untilNoneLeft } from "../../../../../lambdas/common/adapters/aws/until-none-left.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const world = (leaves: readonly (readonly string[])[]) => {
  const asked: (readonly string[])[] = [];
  const waits: number[] = [];
  const call = async (open: readonly string[]) => {
    asked.push(open);
    return leaves[asked.length - 1] ?? [];
  };
  const patience = {
    ...{ calls: 3, firstWaitMs: 100 },
    sleep: async (ms: number) => {
      waits.push(ms);
    },
  };
  return {
    asked,
    waits,
    run: (all: readonly string[]) => untilNoneLeft(all, call, patience, (left) => `${left} left`),
  };
};

it("asks again for what is left only, after waits that double and of which half varies", async () => {
  const { asked, waits, run } = world([["b", "c"], ["c"]]);
  await run(["a", "b", "c"]);
  expect(asked).toEqual([["a", "b", "c"], ["b", "c"], ["c"]]);
  expect(waits).toHaveLength(2);
  for (const [place, ms] of waits.entries()) {
    expect(ms).toBeGreaterThanOrEqual(50 * 2 ** place);
    expect(ms).toBeLessThan(100 * 2 ** place);
  }
});

it("makes no call for nothing, and gives up after the last one", async () => {
  const idle = world([]);
  await idle.run([]);
  expect(idle.asked).toEqual([]);
  const { asked, run } = world([["a"], ["a"], ["a"]]);
  await expect(run(["a", "b"])).rejects.toThrow(new TransientError("1 left"));
  expect(asked).toHaveLength(3);
});
