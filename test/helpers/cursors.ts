import { type CursorKeys, cursorKeyOf } from "../../lambdas/common/platform/http/cursor-key.ts";
import { Cursors } from "../../lambdas/common/platform/http/cursors.ts";

/** Keys made from texts, the present one first. */
export const keysOf = (...secrets: readonly [string, ...string[]]): CursorKeys => {
  const keys = secrets.map(cursorKeyOf);
  return {
    current: async () => cursorKeyOf(secrets[0]),
    find: async (id) => keys.find((key) => key.id.equals(id)),
  };
};

/** Cursors as a stage makes them, with a key for tests. */
export const testCursors = (): Cursors => new Cursors(keysOf("a secret for tests"));
