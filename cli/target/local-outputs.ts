import * as z from "zod";

const UserSchema = z.object({ username: z.string(), password: z.string() });

/** What the CLI reads from `.local/outputs.json`, which `npm run local` writes. */
export const LocalOutputsSchema = z.object({
  apiUrl: z.url(),
  emulatorUrl: z.url(),
  auth: z.object({ region: z.string(), userPoolId: z.string(), clientId: z.string() }),
  users: z.object({ demo: UserSchema, other: UserSchema.optional(), operator: UserSchema.optional() }),
});
export type LocalOutputs = z.infer<typeof LocalOutputsSchema>;
