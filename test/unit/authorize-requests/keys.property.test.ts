import fc from "fast-check";
import { expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { aKey } from "../../helpers/access/api-keys.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { AuthorizerWorld } from "./authorizer-world.ts";

const SEED = testSeed("keys that end");
const OWNERS = ["anna", "ben"] as const;
const step = fc.oneof(
  fc.record({
    do: fc.constant("make" as const),
    owner: fc.constantFrom(...OWNERS),
    endsIn: fc.option(fc.integer({ min: 1, max: 50 })),
  }),
  fc.record({ do: fc.constant("revoke" as const), key: fc.nat(9), by: fc.constantFrom(...OWNERS) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ do: fc.constant("use" as const), key: fc.nat(9) }),
);

it("a key that was revoked or has ended lets nobody in, and every other one does, whatever happened before", async () => {
  let refused = 0;
  let admitted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const world = new AuthorizerWorld();
      for (const owner of OWNERS) world.people.set(owner, []);
      const made: { id: string; owner: string; secret: string; endsMs: number; revoked: boolean }[] = [];
      for (const one of steps) {
        if (one.do === "wait") world.nowMs += one.ms;
        else if (one.do === "make") {
          const id = `key_${String(made.length).padStart(16, "0")}`;
          const endsMs = one.endsIn === null ? Number.POSITIVE_INFINITY : world.nowMs + one.endsIn;
          const { row, secret } = aKey({
            key_id: id,
            user_id: one.owner,
            valid_until: one.endsIn === null ? null : isoTime(endsMs),
          });
          await world.keys.create(row, world.nowMs);
          made.push({ id, owner: one.owner, secret, endsMs, revoked: false });
        } else {
          const key = made[one.key];
          if (!key) continue;
          if (one.do === "revoke") {
            const answer = await world.keys.revoke(key.id, one.by, world.nowMs);
            // Nobody ends, or learns of, a key of somebody else.
            expect(answer === undefined).toBe(one.by !== key.owner);
            key.revoked ||= one.by === key.owner;
          } else {
            const context = await world.ask(`Bearer ${key.secret}`);
            const works = !key.revoked && world.nowMs < key.endsMs;
            expect(context.via).toBe(works ? "key" : "nobody");
            if (works) {
              expect(context).toMatchObject({ user_id: key.owner });
              admitted += 1;
            } else refused += 1;
          }
        }
      }
    }),
    { numRuns: testRuns(150), seed: SEED },
  );
  // Else the test would prove little.
  expect(Math.min(refused, admitted)).toBeGreaterThan(20);
});
