import * as z from "zod";

/** The secret of Keepa: its API key alone. */
export const KeepaSecretSchema = z.object({
  key: z.string().trim().min(1, "the key from keepa.com, My account, API"),
});
export type KeepaSecret = z.infer<typeof KeepaSecretSchema>;
