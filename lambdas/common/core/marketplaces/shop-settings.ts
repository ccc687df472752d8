import * as z from "zod";
import { ConflictError } from "../errors.ts";

/** Longest partner tag; Amazon's own have about 20 characters. */
const MAX_TAG_CHARACTERS = 64;

/** A partner tag as Amazon issues it, such as `mysite-21`. */
export const PartnerTagSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, "a partner tag has letters, digits, - and _ only, such as mysite-21")
  .max(MAX_TAG_CHARACTERS);

/** A row of `marketplaces`: what an operator set for one shop of the 22. */
export const ShopOverrideSchema = z.object({
  code: z.string(),
  /** False: nothing is asked about the shop, and nothing of it is taken. */
  enabled: z.boolean(),
  /** Goes before the tag in the credentials; null: that holds. */
  partner_tag: PartnerTagSchema.nullable(),
  updated_at: z.iso.datetime(),
  /** User who set it. */
  updated_by: z.string(),
});
export type ShopOverride = z.infer<typeof ShopOverrideSchema>;

/** What operators set for shops. */
export interface ShopSettings {
  /** Shops that are switched off, by code. */
  readonly disabled: ReadonlySet<string>;
  /** Partner tags that go before those in the credentials, by code. */
  readonly partnerTags: Readonly<Record<string, string>>;
}

/** Nothing is set. */
export const NO_SHOP_SETTINGS: ShopSettings = { disabled: new Set(), partnerTags: {} };

/** What rows come to. */
export const shopSettingsOf = (overrides: readonly ShopOverride[]): ShopSettings => ({
  disabled: new Set(overrides.filter(({ enabled }) => !enabled).map(({ code }) => code)),
  partnerTags: Object.fromEntries(
    overrides.flatMap(({ code, partner_tag }) => (partner_tag === null ? [] : [[code, partner_tag] as const])),
  ),
});

/** Says that a shop is switched off, and who can change that. */
export const disabledWords = (code: string): string =>
  `${code} is switched off on this stage; an operator switches it on with: enrichline marketplaces set ${code} --enable`;

/** Code of a request that is refused for it. */
export const SHOP_DISABLED = "marketplace_disabled";

/** Lets only shops pass that are not switched off. @throws ConflictError `marketplace_disabled` */
export const requireShop = ({ disabled }: ShopSettings, code: string): void => {
  if (disabled.has(code)) throw new ConflictError(`${disabledWords(code)}.`, SHOP_DISABLED);
};

/** A secret with the partner tags that operators set before its own; other secrets stay as they are. */
export const withPartnerTags = (secret: unknown, { partnerTags }: ShopSettings): unknown => {
  if (typeof secret !== "object" || secret === null || !("partner_tags" in secret)) return secret;
  return { ...secret, partner_tags: { ...Object(secret.partner_tags), ...partnerTags } };
};
