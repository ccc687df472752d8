import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { HttpWorld } from "../../../../helpers/bad-input/http-world.ts";
import { exampleOf, OPERATIONS } from "../../../../helpers/bad-input/operations.ts";
import { requestsOf } from "../../../../helpers/bad-input/requests.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("bad requests");
/** What tells a caller of the inside: places in code, names of AWS, classes of errors. */
const INSIDE =
  /\n\s+at |node_modules|\.ts:\d|file:\/\/|arn:aws|amazonaws|DynamoDB|\bLambda\b|ValidationException|ConditionalCheck|TypeError|SyntaxError|RangeError|undefined is not|Cannot read prop/;

const world = new HttpWorld();
afterAll(() => vi.restoreAllMocks());

/** Something of each kind, so that ids and cursors are known: what the document shows, sent once. */
const fill = async (): Promise<void> => {
  for (const operation of OPERATIONS.filter(({ method }) => method === "POST" || method === "PUT")) {
    const [type = ""] = Object.keys(operation.requestBody?.content ?? {});
    const example = exampleOf(operation, type);
    await world.send({
      ...{ operation, query: [], caller: "owner" },
      path: Object.fromEntries(
        operation.parameters
          .filter((one) => one.in === "path")
          .map(({ name, schema }) => [name, { known: 0, flip: null, name, pattern: schema.pattern ?? "" }]),
      ),
      headers: type === "" ? {} : { "content-type": type },
      body: example === undefined ? undefined : Buffer.from(JSON.stringify(example)),
    });
  }
};

describe("a request that is nearly right", () => {
  it.each(OPERATIONS.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    "%s: no 5xx, nothing of the inside, and nothing changed on a 4xx",
    async (name, operation) => {
      // Anew for each route: those before have changed much of it.
      world.clear();
      await fill();
      await fc.assert(
        fc.asyncProperty(requestsOf(operation), async (request) => {
          const before = world.deployed.dump();
          const answer = await world.send(request);
          expect(answer.statusCode, answer.body).toBeLessThan(500);
          if (answer.statusCode < 400) return;
          expect(answer.body).not.toMatch(INSIDE);
          expect(answer.headers["content-type"]).toBe("application/problem+json");
          expect(
            world.deployed.dump() === before,
            `${name} answered ${answer.statusCode} and changed something: ${answer.body}`,
          ).toBe(true);
        }),
        { seed: SEED, numRuns: testRuns(25), endOnFailure: true },
      );
    },
  );
});
