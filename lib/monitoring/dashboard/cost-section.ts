import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS } from "../../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { ownMetric } from "../own-metrics.ts";
import { heading, row } from "./widgets.ts";

/** What runs cost at list prices, at the time at which they end. */
export const costSection = (config: StageConfig): IWidget[][] => {
  const of = { config, service: "enrich-batch" };
  return [
    heading("Cost at list prices"),
    row(
      [
        "Cost per 1,000 products, USD",
        [
          ownMetric(METRICS.COST_PER_THOUSAND_PRODUCTS, { ...of, statistic: "Average", label: "mean of the runs" }),
          ownMetric(METRICS.COST_PER_THOUSAND_PRODUCTS, { ...of, statistic: "Maximum", label: "dearest run" }),
        ],
      ],
      ["Cost of runs that ended, USD", [ownMetric(METRICS.RUN_COST, { ...of, label: "runs" })]],
    ),
  ];
};
