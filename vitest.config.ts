import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: "node" as const,
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", 20_000),
      project("contract", 20_000),
      // Importing aws-cdk-lib costs seconds, so all files share one module graph.
      { test: { ...project("infra", 60_000).test, isolate: false } },
      // One stack, one emulator: files of this project run one after the other.
      {
        test: {
          ...project("e2e", 240_000).test,
          fileParallelism: false,
          globalSetup: ["test/e2e/global-setup.ts"],
        },
      },
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
