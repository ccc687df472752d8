import { Seeded } from "../../../local/faults/seeded.ts";
import { seedFrom } from "../test-seed.ts";

/** The seed of this test run: `CHAOS_SEED`, else a new one. It is printed, so that a failure can be repeated. */
export const chaosSeed = (name: string): Seeded =>
  new Seeded(seedFrom("CHAOS_SEED", name, Math.floor(Math.random() * 4_294_967_296)));
