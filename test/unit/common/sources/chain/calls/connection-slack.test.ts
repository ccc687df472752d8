import { describe, expect, it } from "vitest";
import type { SourceClient } from "../../../../../../lambdas/common/core/sources/source-client.ts";
import { connectionSlackMs, noteCall } from "../../../../../../lambdas/common/sources/chain/calls/connection-slack.ts";

const client = (): SourceClient => ({ fetchProducts: () => Promise.reject(new Error("not called")) });
const opened = (count: number, longestMs?: number) => ({ opened: count, longestMs });

describe("the room behind a slot", () => {
  it("is that of a cold start before the first call", () => {
    expect(connectionSlackMs(client(), 0, 2_000, opened(0, 3))).toBe(250);
  });

  it("is none while the connection is surely open when the slot comes, and that of a reconnection after", () => {
    const used = client();
    noteCall(used, 1_000, opened(0));
    expect(connectionSlackMs(used, 3_000, 2_000, opened(1))).toBe(0);
    expect(connectionSlackMs(used, 5_000, 2_000, opened(1))).toBe(100);
  });

  it.each([
    [1.2, 5],
    [20, 33],
    [400, 100],
  ])("follows the %d ms that connections took: %d ms, at most what is taken for granted", (measured, room) => {
    const used = client();
    noteCall(used, 0, opened(0));
    expect(connectionSlackMs(used, 60_000, 0, opened(1, measured))).toBe(room);
  });

  it("learns how long the upstream keeps a connection, and forgets it when one was closed", () => {
    const used = client();
    noteCall(used, 0, opened(0));
    noteCall(used, 10_000, opened(1));
    // Nothing was opened by the call after ten seconds.
    expect(connectionSlackMs(used, 18_000, 2_000, opened(1))).toBe(0);
    expect(connectionSlackMs(used, 20_500, 2_000, opened(1))).toBe(0);
    expect(connectionSlackMs(used, 21_000, 2_000, opened(1))).toBe(100);
    noteCall(used, 20_000, opened(1));
    // This time it had been closed.
    expect(connectionSlackMs(used, 28_000, 2_000, opened(2))).toBe(100);
    noteCall(used, 30_000, opened(2));
    expect(connectionSlackMs(used, 32_000, 2_000, opened(2))).toBe(0);
  });
});
