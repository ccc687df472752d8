import { configDefaults, defineConfig } from "vitest/config";
import { testRuns } from "./test/helpers/test-runs.ts";

/**
 * Tests that try very many cases, by chance or one after the other, or measure the memory of a process of their own.
 * Each is beside the unit tests of the same room.
 */
const PROPERTIES = "test/unit/**/*.property.test.ts";
/** The storm deploys a stack of its own. */
const STORM = "test/e2e/chaos/**/*.test.ts";

/** @param testTimeout far more than any test takes on an idle machine: what hangs ends, and a busy machine fails nothing */
const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: "node" as const,
    testTimeout,
    hookTimeout: testTimeout,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});

export default defineConfig({
  test: {
    projects: [
      // Files that share one module graph cost half the time; what a test changes of it, it puts back.
      {
        test: {
          ...project("unit", 240_000).test,
          isolate: false,
          exclude: [...configDefaults.exclude, PROPERTIES],
          setupFiles: ["test/helpers/real-aws-clients.ts"],
        },
      },
      { test: { ...project("property", testRuns(480_000)).test, include: [PROPERTIES] } },
      { test: { ...project("contract", 240_000).test, isolate: false } },
      // Importing aws-cdk-lib costs seconds, so all files share one module graph.
      { test: { ...project("infra", 240_000).test, isolate: false } },
      // One stack, one emulator: files of this project run one after the other.
      {
        test: {
          ...project("e2e", 900_000).test,
          // Not its folder: the storm. An `exclude` here would hide the one of the command line.
          include: ["test/e2e/*.test.ts", "test/e2e/{runs,uploads,upstreams}/*.test.ts"],
          fileParallelism: false,
          globalSetup: ["test/e2e/global-setup.ts"],
        },
      },
      { test: { ...project("storm", 900_000).test, include: [STORM] } },
    ],
    coverage: {
      provider: "v8",
      include: ["lambdas/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 85, statements: 85, functions: 85 },
      reportsDirectory: "coverage",
    },
  },
});
