import { MARKETPLACES } from "../../lambdas/common/core/products/marketplaces.ts";

const GROUP_SUFFIX = { NA: "20", EU: "21", FE: "22" } as const;

/** A made-up partner tag for each of the 22 shops, by shop code: `enrichus-20`, `enrichde-21`. Each is good in its shop only. */
export const LOCAL_PARTNER_TAGS: Readonly<Record<string, string>> = Object.fromEntries(
  MARKETPLACES.map((place) => [place.code, `enrich${place.country.toLowerCase()}-${GROUP_SUFFIX[place.group]}`]),
);

const creators = <Version extends string>(credential_version: Version, client_id: string, client_secret: string) => ({
  account: "local-account",
  credential_version,
  client_id,
  client_secret,
  partner_tags: LOCAL_PARTNER_TAGS,
});

const lwaId = (letter: string): string => `amzn1.application-oa2-client.${letter.repeat(32)}`;
const lwaSecret = (letter: string): string => `amzn1.oa2-cs.v1.${letter.repeat(64)}`;

/** Creators API credentials that the simulator accepts, one a version; all belong to one account. x.1 NA, x.2 EU, x.3 FE. */
export const LOCAL_CREATORS_CREDENTIALS = {
  "2.1": creators("2.1", "local21aaaaaaaaaaaaaaaaaaaa", `local-secret-2-1-${"a".repeat(34)}`),
  "2.2": creators("2.2", "local22bbbbbbbbbbbbbbbbbbbb", `local-secret-2-2-${"b".repeat(34)}`),
  "2.3": creators("2.3", "local23cccccccccccccccccccc", `local-secret-2-3-${"c".repeat(34)}`),
  "3.1": creators("3.1", lwaId("a"), lwaSecret("1")),
  "3.2": creators("3.2", lwaId("b"), lwaSecret("2")),
  "3.3": creators("3.3", lwaId("c"), lwaSecret("3")),
} as const;

/** Another credential of the same account and region as version 3.1: what an owner changes to. The simulator accepts both. */
export const LOCAL_NEXT_CREDENTIALS = creators("3.1", lwaId("e"), lwaSecret("5"));

/**
 * Secrets for the local stack, by source id, each shaped as the source's secret. Made-up values that only the
 * simulators accept. `creators-api` is bound to the NA shops; the other regions are in `LOCAL_CREATORS_CREDENTIALS`.
 */
export const LOCAL_CREDENTIALS = {
  "creators-api": LOCAL_CREATORS_CREDENTIALS["3.1"],
  paapi: {
    access_key: "LOCALPAAPIACCESSKEY1",
    secret_key: "local/paapi+secret/key0000000000000000000",
    partner_tags: LOCAL_PARTNER_TAGS,
  },
  "sp-api": {
    client_id: lwaId("d"),
    client_secret: lwaSecret("4"),
    refresh_token: `Atzr|${"local-refresh-token-".repeat(4)}`,
    region: "na",
  },
  keepa: { key: "local".repeat(12).concat("keep") },
} as const;
