import { ConflictError } from "../errors.ts";

/** The refusal of what would be sent on a stage that sends no webhooks. */
export const webhooksOff = (): ConflictError =>
  new ConflictError(
    'This stage sends no webhooks. Whoever deploys it can switch them on: set "webhooks": true for it in cdk.json and deploy. It ' +
      "takes as many more concurrent functions as `webhook_concurrency` says.",
    "webhooks_off",
  );
