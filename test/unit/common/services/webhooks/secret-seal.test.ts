import { describe, expect, it } from "vitest";
import { SecretSeal } from "../../../../../lambdas/common/services/webhooks/secret-seal.ts";
import { testCursors } from "../../../../helpers/cursors.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OWNER = { userId: "u1", webhookId: "whk_0000000000000001" };

describe("the secret of an endpoint", () => {
  it("is opened for its endpoint, and cannot be read in its row", async () => {
    const seal = new SecretSeal(testCursors());
    const sealed = await seal.seal(OWNER, SECRET);
    expect(sealed).not.toContain(SECRET.slice(6));
    expect(await seal.open(OWNER, sealed)).toBe(SECRET);
  });

  it.each([{ userId: "u2" }, { webhookId: "whk_0000000000000002" }])(
    "opens nothing in a row of %j, wherever it was copied from",
    async (other) => {
      const seal = new SecretSeal(testCursors());
      expect(await seal.open({ ...OWNER, ...other }, await seal.seal(OWNER, SECRET))).toBeUndefined();
    },
  );
});
