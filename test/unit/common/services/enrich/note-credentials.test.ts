import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { createNoteCredentials } from "../../../../../lambdas/common/services/enrich/note-credentials.ts";
import { silentLog } from "../../../../helpers/silent.ts";

/** Several instances over one table of versions. */
const world = () => {
  const noted = new Map<string, string>();
  const cleared: string[] = [];
  const note = createNoteCredentials({
    versions: {
      note: async (key, version) => {
        const isNew = noted.get(key) !== version;
        noted.set(key, version);
        return isNew;
      },
    },
    limiter: {
      clearPause: async (key) => {
        cleared.push(key);
      },
    },
    log: silentLog,
  });
  return { note, cleared };
};
const use = (version: string, previous?: string) => ({
  source: "sp-api" as const,
  limitKeys: ["sp-api#me", "sp-api#me#item-offers"],
  version,
  ...(previous === undefined ? {} : { previous }),
});

describe("new credentials", () => {
  it("end the pause of every limit of their source, once for all instances that start with them", async () => {
    const { note, cleared } = world();
    await note(use("v2"));
    expect(cleared).toEqual(["sp-api#me", "sp-api#me#item-offers"]);
    await note(use("v2"));
    expect(cleared).toHaveLength(2);
  });

  it("end it again for an instance that used the old ones until now, whose last call may have paused it anew", async () => {
    const { note, cleared } = world();
    await note(use("v2"));
    await note(use("v2", "v1"));
    expect(cleared).toHaveLength(4);
  });

  it("leave the pause to its own re-test when the table does not answer", async () => {
    const note = createNoteCredentials({
      versions: { note: () => Promise.reject(new TransientError("slow")) },
      limiter: { clearPause: () => Promise.reject(new Error("must not be asked")) },
      log: silentLog,
    });
    await expect(note(use("v2"))).resolves.toBeUndefined();
  });
});
