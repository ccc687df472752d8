/** A part of a stage that is a stack of its own. */
export type StackPart = "Data" | "Pipeline" | "Api" | "Monitoring" | "Network" | "Shop";

/** Name of a stack, as the stage's stacks are deployed. */
export const stackName = (stage: string, part: StackPart): string => `Enrichline-${stage}-${part}`;
