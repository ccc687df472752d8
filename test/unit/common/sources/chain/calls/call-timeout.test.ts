import { describe, expect, it, vi } from "vitest";
import { callTimeoutMs } from "../../../../../../lambdas/common/sources/chain/calls/call-timeout.ts";
import { enrichByChain } from "../../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { facts as keepa } from "../../../../../../lambdas/common/sources/keepa/facts.ts";
import { facts as productPage } from "../../../../../../lambdas/common/sources/product-page/facts.ts";
import { bench, fakeSource, request } from "../fakes.ts";

const at = (callsPerSecond: number, allowanceShare = 1) => ({ callsPerSecond, allowanceShare });

describe("how long a call may take", () => {
  it("for product pages, ends before the next one's slot, whatever the stage allows", () => {
    expect(callTimeoutMs(productPage, at(0.05), 30_000)).toBe(19_000);
    expect(callTimeoutMs(productPage, at(0.05, 0.5), 30_000)).toBe(30_000);
    expect(callTimeoutMs(productPage, at(0.2), 30_000)).toBe(4_750);
    expect(callTimeoutMs(productPage, at(0.05), 7_000)).toBe(7_000);
  });

  it("for an API is what the stage allows", () => expect(callTimeoutMs(keepa, at(1), 30_000)).toBe(30_000));

  it("is kept by the call", async () => {
    const timeouts = vi.spyOn(AbortSignal, "timeout");
    const page = fakeSource({ id: "product-page", idsPerCall: 1 });
    const slow = { ...page, descriptor: { ...page.descriptor, oneAtATime: true } };
    await enrichByChain(bench([slow], { timeoutMs: 30_000 }).deps, request(["B000000001"]));
    // The fake source has one call a second.
    expect(timeouts.mock.calls.at(-1)).toEqual([950]);
    timeouts.mockRestore();
  });
});
