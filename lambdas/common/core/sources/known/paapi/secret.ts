import * as z from "zod";
import { findMarketplace } from "../../../products/marketplaces.ts";
import { quoted } from "../../../text/quoted.ts";

const PartnerTagsSchema = z.record(z.string(), z.string().trim().min(1).max(64)).transform((tags, context) => {
  const entries = Object.entries(tags).map(([name, tag]) => ({ name, tag, place: findMarketplace(name) }));
  for (const { name } of entries.filter(({ place }) => !place)) {
    context.addIssue({
      code: "custom",
      path: [name],
      message: `unknown marketplace ${quoted(name)}: use one such as DE`,
    });
  }
  return Object.fromEntries(entries.flatMap(({ place, tag }) => (place ? [[place.code, tag] as const] : [])));
});

/** The secret of PA-API: a key pair and the partner tag of each shop. */
export const PaapiSecretSchema = z.object({
  access_key: z.string().trim().min(1),
  secret_key: z.string().trim().min(1),
  /** Partner tag by shop, in any of the shop's names; after parsing by host, such as `{"www.amazon.de": "mysite-21"}`. */
  partner_tags: PartnerTagsSchema,
});
export type PaapiSecret = z.infer<typeof PaapiSecretSchema>;
