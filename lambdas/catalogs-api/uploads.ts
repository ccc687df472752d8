import type { ClaimedContent, ContentClaim } from "../common/adapters/dynamodb/enrichment-status/content-claims.ts";
import { ShopOverrides } from "../common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { DryRunRows } from "../common/adapters/dynamodb/operations/dry-run-rows.ts";
import { createSigningClient, PresignedUploads } from "../common/adapters/s3/presigned-uploads.ts";
import type { ShopSettings } from "../common/core/marketplaces/shop-settings.ts";
import { createIngestRequest } from "../common/services/ingest/ingest-request.ts";
import type { ApiContext } from "../common/services/wiring/api-context.ts";
import { buildCatalogSinks, type CatalogSinksEnv } from "../common/services/wiring/catalogs/catalog-sinks.ts";
import { buildContentClaims, type ContentClaimsEnv } from "../common/services/wiring/catalogs/content-claims.ts";
import type { Clients } from "../common/services/wiring/clients.ts";

/** What takes catalogs in. */
export interface Uploads {
  /** Judges a catalog in a request's body, and stores it if it is to be stored. */
  readonly ingest: ReturnType<typeof createIngestRequest>;
  /**
   * The claim on products that a run is to begin over; `force`: even if another catalog has them.
   * @throws ConflictError `duplicate_upload` naming the user's other catalog
   */
  readonly claimContent: (content: ClaimedContent, force: boolean) => Promise<ContentClaim>;
  /** What operators set for shops. */
  readonly shops: () => Promise<ShopSettings>;
  /** Dry runs of large files. */
  readonly dryRuns: Pick<DryRunRows, "create" | "get">;
  /** Signs an address to put a file under. */
  readonly signUpload: PresignedUploads["sign"];
}

/** Builds what takes catalogs in, small ones in a request and large ones by a signed address. */
export const buildUploads = (
  env: CatalogSinksEnv & ContentClaimsEnv & { readonly MARKETPLACES_TABLE_NAME: string },
  { documents, s3, clock, logger }: Pick<Clients, "documents" | "s3"> & Pick<ApiContext, "clock" | "logger">,
): Uploads => {
  const overrides = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, clock);
  const shops = () => overrides.settings();
  const disabled = async () => (await shops()).disabled;
  const contents = buildContentClaims(env, { documents });
  const presigned = new PresignedUploads(createSigningClient(), env.BUCKET_NAME);
  const leftBehind = "an object of a refused upload was left behind";
  return {
    ingest: createIngestRequest(buildCatalogSinks(env, { s3, log: logger, leftBehind }), disabled),
    shops,
    claimContent: async (content, force) =>
      force ? contents.take(content, clock.now()) : contents.claim(content, clock.now()),
    dryRuns: new DryRunRows(documents, env.OPERATIONS_TABLE_NAME),
    signUpload: (upload) => presigned.sign(upload),
  };
};
