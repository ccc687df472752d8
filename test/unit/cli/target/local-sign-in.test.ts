import { afterEach, expect, it } from "vitest";
import { type Harness, openHarness } from "../harness/harness.ts";

let harness: Harness;
afterEach(() => harness.close());

it.each(["login", "logout"])(
  "%s has nothing to do at the local stack, says so, and is JSON with --json",
  async (verb) => {
    harness = await openHarness(() => ({ status: 500, body: {} }));
    const words = await harness.cli([verb]);
    expect(words).toMatchObject({ code: 0, out: "" });
    expect(words.err).toContain("The local stack signs its users in by itself");
    const { code, out } = await harness.cli([verb, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ stage: "local", username: "demo" });
    expect(harness.calls()).toEqual([]);
  },
);
