/**
 * What a stage is for; the stage itself may be named as one likes, such as `test` or `prod-eu`.
 * - `local`: deployed to the emulator. Its data goes with its stacks, and shortcuts for the emulator apply.
 * - `dev`: as small as it can be. It fits into the 10 concurrent functions of a new AWS account.
 * - `staging`: as prod, but nobody has to be notified of its alarms.
 * - `prod`: somebody is notified of its alarms, else it does not synthesize.
 */
export const STAGE_KINDS = ["local", "dev", "staging", "prod"] as const;
export type StageKind = (typeof STAGE_KINDS)[number];
