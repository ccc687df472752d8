import type { Clock } from "../../core/clock.ts";
import { type ShopSettings, withPartnerTags } from "../../core/marketplaces/shop-settings.ts";
import { parseJson } from "../../core/parse-json.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { applyExtras } from "../../core/sources/apply-extras.ts";
import { revokedWords } from "../../core/sources/revoked-words.ts";
import type { SecretReader } from "../../core/sources/secrets/secret-reader.ts";
import type { SourceClient, TokenCache } from "../../core/sources/source-client.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { sourceLimit } from "../../core/sources/source-limit.ts";
import type { SourceSettings } from "../../core/sources/source-settings.ts";
import type { UpstreamFetch } from "../../core/sources/upstream/upstream-fetch.ts";
import type { ChainSource } from "../chain/chain-source.ts";
import { boundedClient } from "./bounded-client.ts";

/** Dependencies of the reader of sources. */
export interface ReadySourcesDeps {
  /** Enabled sources in the order to ask. */
  readonly settings: readonly SourceSettings[];
  readonly describe: (id: SourceId) => SourceDescriptor | undefined;
  /** Sources that may not be asked because their content was revoked. @throws TransientError */
  readonly revoked: () => Promise<ReadonlySet<SourceId>>;
  /** What operators set for shops. @throws TransientError */
  readonly shops: () => Promise<ShopSettings>;
  readonly secrets: Pick<SecretReader, "read">;
  readonly tokens: TokenCache;
  readonly clock: Clock;
  readonly fetch: UpstreamFetch;
  /**
   * Called when a source is used with a version of its secret that is new to this instance.
   * `previous`: the version that this instance used before; absent: this is its first.
   */
  readonly onSecret?: (use: {
    readonly source: SourceId;
    readonly limitKeys: readonly string[];
    readonly version: string;
    readonly previous?: string;
  }) => Promise<void>;
}

/** Prepares the stage's sources with the present credentials. Cheap when nothing changed: clients are kept. */
export type ReadSources = () => Promise<ChainSource[]>;

/** Builds the reader. A source without usable credentials is listed, but cannot be called. */
export const createReadSources = (deps: ReadySourcesDeps): ReadSources => {
  const clients = new Map<SourceId, { version: string; tags: string; client: SourceClient; account: string }>();

  const ready = async (
    settings: SourceSettings,
    revoked: ReadonlySet<SourceId>,
    shops: ShopSettings,
  ): Promise<ChainSource[]> => {
    const described = deps.describe(settings.id);
    if (!described) return [];
    const whole = applyExtras(described, settings);
    const isOff = (code: string): boolean => shops.disabled.has(code);
    const descriptor = { ...whole, marketplaces: whole.marketplaces.filter((code) => !isOff(code)) };
    const enabled = { descriptor, switchedOff: whole.marketplaces.filter(isOff) };
    if (revoked.has(settings.id))
      return [{ ...enabled, unavailable: "not_configured", detail: revokedWords(settings.id) }];
    const stored =
      descriptor.secretSchema === null ? { text: "null", version: "none" } : await deps.secrets.read(settings.id);
    if (!stored) return [{ ...enabled, unavailable: "not_configured" }];
    let known = clients.get(settings.id);
    const tags = JSON.stringify(shops.partnerTags);
    if (known?.version !== stored.version || known.tags !== tags) {
      const secret = descriptor.secretSchema?.safeParse(parseJson(stored.text)) ?? { success: true, data: null };
      if (!secret.success) {
        const fields = secret.error.issues.map((issue) => issue.path.join(".") || "(all)").join(", ");
        return [
          {
            ...enabled,
            unavailable: "not_configured",
            detail: `the stored credentials are incomplete: look at ${fields}`,
          },
        ];
      }
      const previous = known?.version;
      const isNews = previous !== stored.version;
      known = {
        version: stored.version,
        tags,
        account: descriptor.account(secret.data),
        client: boundedClient(
          descriptor.create({
            secret: withPartnerTags(secret.data, shops),
            secretVersion: stored.version,
            endpoints: settings.endpoints,
            extras: settings,
            clock: deps.clock,
            tokens: deps.tokens,
            fetch: deps.fetch,
          }),
        ),
      };
      clients.set(settings.id, known);
      const { account } = known;
      const limitKeys = descriptor.operations.map(
        (operation) => sourceLimit(descriptor, operation, settings, account).limitKey,
      );
      if (descriptor.secretSchema !== null && isNews) {
        await deps.onSecret?.({
          source: settings.id,
          limitKeys: [...new Set(limitKeys)],
          version: stored.version,
          ...(previous === undefined ? {} : { previous }),
        });
      }
    }
    const { client, account } = known;
    return [{ ...enabled, client, limitFor: (operation) => sourceLimit(descriptor, operation, settings, account) }];
  };

  return async () => {
    const [revoked, shops] = await Promise.all([deps.revoked(), deps.shops()]);
    return (await Promise.all(deps.settings.map((one) => ready(one, revoked, shops)))).flat();
  };
};
