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
      project("infra", 60_000),
      // One stack, one emulator: files of this project run one after the other.
      {
        test: {
          ...project("e2e", 240_000).test,
          fileParallelism: false,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["lambdas/**/*.ts"],
      exclude: ["lambdas/*/index.ts", "lambdas/*/deps.ts"],
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: "coverage",
    },
  },
});
