import { expect, it } from "vitest";
import { withReport } from "../../../../../lib/bundling/local/with-report.ts";

const CONTEXT = { awsRequestId: "request-1", memoryLimitInMB: "512" };

/** A handler with a clock that moves by 12.345 ms while it works. */
const reported = (handler: () => Promise<unknown>) => {
  const lines: string[] = [];
  const times = [1_000, 1_012.345];
  return {
    lines,
    run: () =>
      withReport(
        handler,
        (line) => lines.push(line),
        () => times.shift() ?? 0,
      )({}, CONTEXT),
  };
};

it("an invocation ends with the line that Lambda writes", async () => {
  const { lines, run } = reported(async () => "answer");
  expect(await run()).toBe("answer");
  expect(lines).toEqual([
    expect.stringMatching(
      /^REPORT RequestId: request-1\tDuration: 12\.35 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: \d+ MB$/,
    ),
  ]);
});

it("an invocation that fails does too, and fails as before", async () => {
  const { lines, run } = reported(() => Promise.reject(new Error("no table")));
  await expect(run()).rejects.toThrow("no table");
  expect(lines).toHaveLength(1);
});
