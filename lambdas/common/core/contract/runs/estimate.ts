import { EstimateSchema as RunEstimateSchema } from "../../estimates/estimate.ts";

/** What a run will take: calls a source, time, share of the day, tokens, money. */
export const EstimateSchema = RunEstimateSchema.meta({ id: "Estimate" });
