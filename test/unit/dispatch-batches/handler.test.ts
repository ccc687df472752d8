import { describe, expect, it } from "vitest";
import { createHandler } from "../../../lambdas/dispatch-batches/handler.ts";
import { silentLog } from "../../helpers/silent.ts";

describe("dispatch-batches", () => {
  it.each([0, 7])("tops up the window and says that it sent %i batches", async (sent) => {
    const lines: string[] = [];
    const log = { ...silentLog, info: (line: string) => void lines.push(line) };
    expect(await createHandler({ dispatcher: { topUp: async () => sent }, log })()).toEqual({ sent });
    expect(lines).toHaveLength(sent > 0 ? 1 : 0);
  });
});
