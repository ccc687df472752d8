import { ContentCountStore } from "../../../adapters/dynamodb/content-ends/content-counts.ts";
import { ContentEnds } from "../../../adapters/dynamodb/content-ends/content-ends.ts";
import { Revocations } from "../../../adapters/dynamodb/content-ends/revocations.ts";
import { SweptCounts } from "../../../adapters/dynamodb/content-ends/swept-counts.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Acknowledgements } from "../../../core/licences/acknowledgements.ts";
import { type LicenceBook, licenceBook } from "../../../core/licences/licence-book.ts";
import type { RevokedSources } from "../../../core/licences/revocations/without-revoked.ts";
import type { Clients } from "../clients.ts";

/** Environment that the licences of a stage take. */
export interface LicencesEnv {
  /** The table that knows when content ends and which sources are revoked. */
  readonly CONTENT_ENDS_TABLE_NAME: string;
  readonly LICENCE_ACKNOWLEDGEMENTS: Acknowledgements;
}

/** What may be kept and given out on a stage, and what is noted of it. */
export interface Licences {
  readonly licences: LicenceBook;
  /** When the content of which product or object ends. */
  readonly ends: ContentEnds;
  readonly revocations: Revocations;
  /** Sources whose content may neither be kept nor given out. */
  readonly revoked: () => Promise<RevokedSources>;
  /** What is held of each source. */
  readonly counts: ContentCountStore;
  /** What was removed of each source. */
  readonly swept: SweptCounts;
}

/** Builds the licences that hold on this stage, and the stores beside them. */
export const buildLicences = (
  env: LicencesEnv,
  { documents, clock }: Pick<Clients, "documents"> & { readonly clock: Pick<Clock, "now"> },
): Licences => {
  const revocations = new Revocations(documents, env.CONTENT_ENDS_TABLE_NAME, clock);
  return {
    licences: licenceBook(env.LICENCE_ACKNOWLEDGEMENTS),
    ends: new ContentEnds(documents, env.CONTENT_ENDS_TABLE_NAME, clock),
    revocations,
    revoked: () => revocations.revoked(),
    counts: new ContentCountStore(documents, env.CONTENT_ENDS_TABLE_NAME),
    swept: new SweptCounts(documents, env.CONTENT_ENDS_TABLE_NAME),
  };
};
