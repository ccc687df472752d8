import { largestStage, STAGES, type StageTemplates, synthesizedStage } from "./synth-stage.ts";

/** The templates of every stage of cdk.json and of the largest one, each with its name. */
export const STAGE_TEMPLATES: readonly (readonly [string, StageTemplates])[] = [
  ...STAGES.map((stage) => [stage, synthesizedStage(stage).templates] as const),
  ["prod with everything", largestStage().templates],
];
