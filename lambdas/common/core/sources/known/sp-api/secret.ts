import * as z from "zod";

/** The secret of SP-API: a Login with Amazon application and the refresh token that a seller granted it. */
export const SpApiSecretSchema = z.object({
  client_id: z.string().trim().min(1),
  client_secret: z.string().trim().min(1),
  refresh_token: z.string().trim().min(1, "the token shown once when the seller authorises the application"),
  /** Region of the seller account: `na`, `eu` or `fe`, in any letter case. */
  region: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(["na", "eu", "fe"])),
});
export type SpApiSecret = z.infer<typeof SpApiSecretSchema>;
