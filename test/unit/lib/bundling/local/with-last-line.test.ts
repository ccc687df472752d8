import { expect, it } from "vitest";
import { withLastLine } from "../../../../../lib/bundling/local/with-last-line.ts";

it("an invocation ends with an empty line, after all that it printed", async () => {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const handler = withLastLine(async (event, context) => {
    print("work");
    return [event, context];
  }, print);
  expect(await handler("event", "context")).toEqual(["event", "context"]);
  expect(lines).toEqual(["work", ""]);
});

it("an invocation that fails does too, and fails as before", async () => {
  const lines: string[] = [];
  const handler = withLastLine(
    () => Promise.reject(new Error("no table")),
    (line) => lines.push(line),
  );
  await expect(handler(null, null)).rejects.toThrow("no table");
  expect(lines).toEqual([""]);
});
