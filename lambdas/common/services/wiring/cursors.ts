import { createSecretsClient } from "../../adapters/aws/aws-clients.ts";
import { CursorSecret } from "../../adapters/secrets/cursor-secret.ts";
import type { Clock } from "../../core/clock.ts";
import { Cursors } from "../../platform/http/cursors.ts";

/** Environment that cursors take. */
export interface CursorsEnv {
  readonly CURSOR_SECRET_ARN: string;
}

/** Builds what seals and opens the cursors of lists, with the secret of the stage. */
export const buildCursors = (env: CursorsEnv, clock: Clock): Cursors =>
  new Cursors(new CursorSecret(createSecretsClient(), env.CURSOR_SECRET_ARN, clock));
