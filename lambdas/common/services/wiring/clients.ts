import type { createDocumentClient, createS3Client, createSqsClient } from "../../adapters/aws/aws-clients.ts";

/**
 * AWS clients that factories build on. A function makes each that it needs once per cold start and hands it to all
 * factories, so that they share its connections; a test hands in its own.
 */
export interface Clients {
  readonly documents: ReturnType<typeof createDocumentClient>;
  readonly s3: ReturnType<typeof createS3Client>;
  readonly sqs: ReturnType<typeof createSqsClient>;
}
