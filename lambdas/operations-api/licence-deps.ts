import type { Acknowledgements } from "../common/core/licences/acknowledgements.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import type { Licences } from "../common/services/wiring/products/licences.ts";

/** What the routes of licences work with. */
export interface LicenceDeps {
  readonly book: LicenceBook;
  readonly acknowledgements: Acknowledgements;
  /** Sources of the stage. */
  readonly enabled: readonly SourceId[];
  readonly revocations: Pick<Licences["revocations"], "list" | "get" | "create" | "advance">;
  readonly counts: Pick<Licences["counts"], "read" | "request">;
  readonly swept: Pick<Licences["swept"], "read">;
}
