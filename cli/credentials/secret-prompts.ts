import type { SecretSource } from "../../lambdas/common/core/sources/known/secret-schemas.ts";

/** One value of a secret, as a person is asked for it. */
export interface SecretPrompt {
  readonly field: string;
  readonly question: string;
  /** Whether typing must not show. */
  readonly hidden: boolean;
  /** `tags`: typed as `de=mysite-21, us=mysite-20` and stored as an object. @default text */
  readonly form?: "tags";
}

const TAGS: SecretPrompt = {
  field: "partner_tags",
  question: "Partner tag of each shop, such as de=mysite-21, us=mysite-20",
  hidden: false,
  form: "tags",
};

/** What is asked for each source, in order. */
export const SECRET_PROMPTS: Readonly<Record<SecretSource, readonly SecretPrompt[]>> = {
  "creators-api": [
    { field: "account", question: "A name for this Amazon account (its limits are counted under it)", hidden: false },
    {
      field: "credential_version",
      question: "Credential version, printed beside the credentials (such as 3.2)",
      hidden: false,
    },
    { field: "client_id", question: "Credential id", hidden: false },
    { field: "client_secret", question: "Secret", hidden: true },
    TAGS,
  ],
  paapi: [
    { field: "access_key", question: "Access key", hidden: false },
    { field: "secret_key", question: "Secret key", hidden: true },
    TAGS,
  ],
  "sp-api": [
    { field: "client_id", question: "Client id of the application", hidden: false },
    { field: "client_secret", question: "Client secret", hidden: true },
    { field: "refresh_token", question: "Refresh token", hidden: true },
    { field: "region", question: "Region of the seller account: na, eu or fe", hidden: false },
  ],
  keepa: [{ field: "key", question: "Keepa API key", hidden: true }],
};

/**
 * Reads tags as people type them: `shop=tag`, apart by commas, semicolons or blanks. A word without `=` becomes a shop
 * without a tag, so that the schema refuses it.
 */
export const readTags = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .replace(/\s*=\s*/g, "=")
      .split(/[\s,;]+/)
      .filter((part) => part !== "")
      .map((part) => {
        const [shop = "", ...tag] = part.split("=");
        return [shop, tag.join("=")] as const;
      }),
  );
