import { SOURCE_IDS, type SourceId } from "../source-ids.ts";
import { type Acknowledgements, LIFTABLE_RULES } from "./acknowledgements.ts";
import type { Licence } from "./licence.ts";
import { SOURCE_LICENCES } from "./source-licences.ts";

/** The licences that hold on a stage, by source. */
export type LicenceBook = Readonly<Record<SourceId, Licence>>;

/** The licence of a source with the rules lifted that a stage acknowledges. */
const lifted = (source: SourceId, acknowledged: Acknowledgements): Licence => {
  const licence = { ...SOURCE_LICENCES[source] };
  for (const rule of LIFTABLE_RULES) if (acknowledged[source]?.[rule] !== undefined) licence[rule] = true;
  return licence;
};

/** @param acknowledged rules that the owner of the stage lifts. @default none */
export const licenceBook = (acknowledged: Acknowledgements = {}): LicenceBook =>
  Object.fromEntries(SOURCE_IDS.map((source) => [source, lifted(source, acknowledged)])) as Record<SourceId, Licence>;
