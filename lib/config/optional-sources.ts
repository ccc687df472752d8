import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import { type SourceSettings, SourceSettingsSchema } from "../../lambdas/common/core/sources/source-settings.ts";

/** What a stage must say word for word before product pages are read. */
export const PRODUCT_PAGES_ACKNOWLEDGEMENT = "Amazon's Conditions of Use do not allow robots, and I answer for it";

/** The switches of a stage by the source that each lets in. */
const SWITCHES = { paapi: "paapi", "product-page": "product_pages", "sample-data": "sample_data" } as const;
type OptionalSource = keyof typeof SWITCHES;

interface Switched {
  readonly sources: readonly SourceSettings[];
  readonly paapi: boolean;
  readonly product_pages: string | false;
  readonly sample_data: boolean;
}

const isOptional = (id: SourceId): id is OptionalSource => id in SWITCHES;

/** Sources that a stage lists without the switch that they need, each with the setting that is missing. */
export const unswitchedSources = (stage: Switched): { readonly id: SourceId; readonly setting: string }[] =>
  stage.sources.flatMap(({ id }) => (isOptional(id) && !stage[SWITCHES[id]] ? [{ id, setting: SWITCHES[id] }] : []));

/**
 * The sources that a stage asks, in order: those it lists, and those switched on without being listed. PA-API then
 * comes right after the Creators API, whose data it shares; product pages and sample data come last.
 */
export const enabledSources = (stage: Switched): SourceSettings[] => {
  const listed = [...stage.sources];
  const isMissing = (id: OptionalSource): boolean =>
    Boolean(stage[SWITCHES[id]]) && !listed.some((source) => source.id === id);
  if (isMissing("paapi")) {
    const after = listed.findIndex(({ id }) => id === "creators-api") + 1;
    listed.splice(after, 0, SourceSettingsSchema.parse({ id: "paapi" }));
  }
  for (const id of ["product-page", "sample-data"] as const) {
    if (isMissing(id)) listed.push(SourceSettingsSchema.parse({ id }));
  }
  return listed;
};
