import * as z from "zod";
import { findMarketplace } from "../../../products/marketplaces.ts";
import { quoted } from "../../../text/quoted.ts";

/**
 * The version that Amazon printed beside the credential: 2.x takes its tokens from Cognito, 3.x from Login with
 * Amazon; the digit after the point is the region (1 North America, 2 Europe with India, 3 Far East).
 */
export const CredentialVersionSchema = z.enum(["2.1", "2.2", "2.3", "3.1", "3.2", "3.3"]);
export type CredentialVersion = z.infer<typeof CredentialVersionSchema>;

const PartnerTagsSchema = z.record(z.string(), z.string().trim().min(1).max(64)).transform((tags, context) => {
  const byCode: Record<string, string> = {};
  for (const [name, tag] of Object.entries(tags)) {
    const place = findMarketplace(name);
    if (place) byCode[place.code] = tag;
    else context.addIssue({ code: "custom", path: [name], message: `unknown marketplace ${quoted(name)}` });
  }
  return byCode;
});

/** Secret of the Creators API. Shops may be named in any form; after parsing they are hosts such as www.amazon.de. */
export const CreatorsApiSecretSchema = z.object({
  /** Name of the owner's account: limits are counted under it, so credentials of one account share it. */
  account: z.string().trim().min(1),
  credential_version: CredentialVersionSchema,
  client_id: z.string().trim().min(1),
  client_secret: z.string().trim().min(1),
  /** Partner tag by shop; a shop without one is not asked for. */
  partner_tags: PartnerTagsSchema,
});
export type CreatorsApiSecret = z.infer<typeof CreatorsApiSecretSchema>;
