import type { S3Client } from "@aws-sdk/client-s3";

const HEADER = "x-amz-content-sha256";

const headersOf = (request: unknown): Record<string, string> | undefined =>
  typeof request === "object" && request !== null && "headers" in request
    ? (request.headers as Record<string, string>)
    : undefined;

/**
 * Lets a client sign its requests without a SHA-256 of their bodies. The CRC32 that the SDK sends is among the signed
 * headers and TLS protects the rest, so the second sum over all that is written would only cost time.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export const withUnsignedPayload = (client: S3Client): S3Client => {
  client.middlewareStack.add(
    (next) => (args) => {
      const headers = headersOf(args.request);
      if (headers) headers[HEADER] ??= "UNSIGNED-PAYLOAD";
      return next(args);
    },
    { step: "build", priority: "low", name: "unsignedPayload" },
  );
  return client;
};
