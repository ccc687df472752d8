/**
 * Entries that SQS takes in one batch request.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
 */
export const MAX_REQUEST_ENTRIES = 10;
