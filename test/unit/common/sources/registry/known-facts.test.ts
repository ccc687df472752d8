import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { SOURCE_IDS } from "../../../../../lambdas/common/core/source-ids.ts";
import { factsOf, SOURCE_FACTS } from "../../../../../lambdas/common/sources/registry/known-facts.ts";
import { describeSource } from "../../../../../lambdas/common/sources/registry/registry.ts";

const SOURCES_FOLDER = resolve(import.meta.dirname, "../../../../../lambdas/common/sources");

/** Every own file that a file needs at run time, itself included. */
const neededBy = (file: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*?from "(\.[^"]+)";/gm);
  for (const [, path = ""] of imports) neededBy(join(dirname(file), path), seen);
  return seen;
};

describe("the facts of sources", () => {
  it("are there for every source id once, in the order in which a fresh stage asks them", () => {
    expect(SOURCE_FACTS.map(({ id }) => id)).toEqual([...SOURCE_IDS]);
  });

  it.each(SOURCE_IDS)("of %s are the very ones of its descriptor", (id) => {
    const facts = factsOf(id);
    const descriptor = describeSource(id);
    expect(descriptor?.operations).toBe(facts?.operations);
    expect(descriptor?.marketplaces).toBe(facts?.marketplaces);
    expect(descriptor?.defaultLimits).toBe(facts?.defaultLimits);
    expect(descriptor?.secretSchema).toBe(facts?.secretSchema);
  });

  it("refuse a secret of the wrong form", () => {
    expect(() => factsOf("keepa")?.account({ key: "" })).toThrow();
    expect(factsOf("keepa")?.account({ key: "k".repeat(64) })).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each(["known-facts.ts", "stage-window.ts"])("bring no client into the functions that use %s", (file) => {
    const needed = [...neededBy(join(SOURCES_FOLDER, "registry", file))];
    const inRooms = needed.filter((path) => SOURCE_IDS.some((id) => path.startsWith(join(SOURCES_FOLDER, id, "/"))));
    expect(inRooms).toHaveLength(SOURCE_IDS.length);
    expect(inRooms.filter((path) => !path.endsWith("/facts.ts"))).toEqual([]);
  });
});
