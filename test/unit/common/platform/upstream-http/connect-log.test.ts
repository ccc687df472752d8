import { describe, expect, it } from "vitest";
import { ConnectLog } from "../../../../../lambdas/common/platform/upstream-http/connect-log.ts";

const ORIGIN = "https://upstream.example:443";
const opening = (tlsMs: number | undefined, tcpMs = 10, isLocal = false) => ({
  ...{ totalMs: tcpMs + (tlsMs ?? 0) + 5, tcpMs, tlsMs },
  isLocal,
});

describe("what opening connections shows", () => {
  it("is nothing before the first one, and no spread before the fourth", () => {
    const log = new ConnectLog();
    expect(log.timesOf(ORIGIN)).toEqual({});
    for (const tlsMs of [40, 60, 50]) log.add(ORIGIN, opening(tlsMs));
    expect(log.timesOf(ORIGIN)).toEqual({ longestMs: 75 });
    log.add(ORIGIN, opening(45));
    expect(log.timesOf(ORIGIN)).toEqual({ longestMs: 75, spreadMs: 20 });
  });

  it("is the larger of the spreads of TCP and TLS", () => {
    const log = new ConnectLog();
    for (const tcpMs of [10, 12, 90, 11]) log.add(ORIGIN, opening(50, tcpMs));
    expect(log.timesOf(ORIGIN).spreadMs).toBe(80);
  });

  it("is the spread of TCP alone without TLS", () => {
    const log = new ConnectLog();
    for (const tcpMs of [10, 35, 12]) log.add(ORIGIN, opening(undefined, tcpMs));
    expect(log.timesOf(ORIGIN).spreadMs).toBeUndefined();
    log.add(ORIGIN, opening(undefined, 11));
    expect(log.timesOf(ORIGIN).spreadMs).toBe(25);
  });

  it("is no spread without TLS on this machine: such a connection shows nothing of a network", () => {
    const log = new ConnectLog();
    for (let count = 0; count < 8; count += 1) log.add(ORIGIN, opening(undefined, 10, true));
    expect(log.timesOf(ORIGIN).spreadMs).toBeUndefined();
  });

  it("forgets openings of long ago, and is apart for each address", () => {
    const log = new ConnectLog();
    log.add(ORIGIN, opening(900));
    for (let count = 0; count < 32; count += 1) log.add(ORIGIN, opening(50));
    expect(log.timesOf(ORIGIN)).toEqual({ longestMs: 65, spreadMs: 0 });
    expect(log.timesOf("https://other.example:443")).toEqual({});
  });
});
