/** Settings that add what a stage may have and stage prod of the tests has not: together they make the largest stage. */
export const EVERYTHING: Readonly<Record<string, unknown>> = {
  downstream_events: true,
  vpc: { private_endpoints: true },
  region: "us-east-1",
  health_canary: true,
};
