import type { Trouble } from "./fault.ts";

/** Longest that a slow call is held back: longer than a client waits for an answer about objects. */
const MAX_HOLD_MS = 10_000;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const s3Failing = (share: number): Trouble => ({
  name: "S3 fails",
  share,
  meets: ({ service }) => service === "s3",
  fault: (_, random) => {
    const code = random.next() < 0.5 ? "SlowDown" : "ServiceUnavailable";
    return {
      status: 503,
      type: "application/xml",
      body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>made by the fault layer</Message></Error>`,
    };
  },
});

/** Calls that are held back, most for less than a second and some for longer than their client waits. */
export const s3Slow = (share: number): Trouble => ({
  name: "S3 is slow",
  share,
  meets: ({ service }) => service === "s3",
  fault: (_, random) => ({ holdMs: Math.round(MAX_HOLD_MS * random.next() ** 4) }),
});
