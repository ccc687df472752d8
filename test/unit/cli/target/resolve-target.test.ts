import { expect, it } from "vitest";
import { LOCAL_FOLDER } from "../../../../cli/target/resolve-target.ts";
import { layoutOf } from "../../../../local/layout.ts";

it("looks for the local stack where the launcher keeps it", () => {
  expect(LOCAL_FOLDER).toBe(layoutOf(undefined, {}).dir);
});
