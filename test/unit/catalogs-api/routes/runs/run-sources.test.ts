import { describe, expect, it } from "vitest";
import { runSources } from "../../../../../lambdas/catalogs-api/routes/runs/run-sources.ts";
import { sourceStatus } from "../../../../helpers/source-status.ts";

const creators = sourceStatus({ id: "creators-api", state: null });
const spApi = sourceStatus({ id: "sp-api" });
const keepa = sourceStatus({ id: "keepa" });
const ids = (query: Parameters<typeof runSources>[0]) =>
  runSources(query, [creators, spApi, keepa]).map(({ id }) => id);

describe("the sources that a run would ask", () => {
  it("are those with credentials, the wished one first", () => {
    expect(ids({ provider: undefined, fallback: true })).toEqual(["sp-api", "keepa"]);
    expect(ids({ provider: "keepa", fallback: true })).toEqual(["keepa", "sp-api"]);
  });

  it("are without fallback the wished one alone, or the first that has credentials", () => {
    expect(ids({ provider: "keepa", fallback: false })).toEqual(["keepa"]);
    expect(ids({ provider: undefined, fallback: false })).toEqual(["sp-api"]);
    expect(ids({ provider: "creators-api", fallback: false })).toEqual([]);
  });
});
