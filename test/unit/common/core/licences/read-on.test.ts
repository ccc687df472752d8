import { expect, it } from "vitest";
import { SOURCE_LICENCES } from "../../../../../lambdas/common/core/licences/source-licences.ts";

/** Licences change: after so many days somebody has to read them again. */
const MAX_DAYS = 120;

it.each(Object.entries(SOURCE_LICENCES))(
  "the licence of %s was read in the last 120 days: read it and change `read_on`",
  (_, licence) => {
    const days = (Date.now() - Date.parse(licence.read_on)) / 86_400_000;
    expect(days).toBeGreaterThan(-1);
    expect(days).toBeLessThan(MAX_DAYS);
  },
);
