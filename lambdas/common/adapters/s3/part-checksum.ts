/**
 * The checksum that S3 keeps of each part of an object. An upload in parts must name it when it begins: the SDK sends one
 * with each part, and S3 refuses to complete an upload whose parts have a checksum that was not announced.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export const PART_CHECKSUM = "CRC32";
