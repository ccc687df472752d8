const of = (service: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`);

/**
 * Actions by kind of resource: what a function could want with its data, and what would let it do harm. A right with an action
 * that is not here fails a test, so that the list cannot fall behind the templates.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const ACTIONS = {
  table: of(
    "dynamodb",
    `GetItem BatchGetItem Query Scan PutItem UpdateItem DeleteItem BatchWriteItem ConditionCheckItem DescribeTable
     PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete DescribeTimeToLive UpdateTimeToLive UpdateTable DeleteTable
     CreateBackup ExportTableToPointInTime UpdateContinuousBackups PutResourcePolicy TagResource`,
  ),
  index: of("dynamodb", "Query Scan PartiQLSelect"),
  stream: of("dynamodb", "DescribeStream GetRecords GetShardIterator ListStreams"),
  bucket: of(
    "s3",
    `ListBucket ListBucketVersions ListBucketMultipartUploads GetBucketLocation GetBucketPolicy PutBucketPolicy
     DeleteBucketPolicy PutLifecycleConfiguration PutBucketNotification PutBucketCORS PutBucketPublicAccessBlock DeleteBucket`,
  ),
  object: of(
    "s3",
    `GetObject GetObjectVersion GetObjectTagging GetObjectAttributes PutObject PutObjectAcl PutObjectTagging
     AbortMultipartUpload ListMultipartUploadParts DeleteObject DeleteObjectVersion RestoreObject`,
  ),
  queue: of(
    "sqs",
    `SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueAttributes GetQueueUrl SetQueueAttributes
     PurgeQueue DeleteQueue StartMessageMoveTask AddPermission`,
  ),
  topic: of("sns", "Publish Subscribe SetTopicAttributes AddPermission DeleteTopic"),
  bus: of("events", "PutEvents PutRule PutTargets PutPermission DeleteEventBus"),
  secret: of(
    "secretsmanager",
    "GetSecretValue DescribeSecret PutSecretValue UpdateSecret DeleteSecret RotateSecret PutResourcePolicy ListSecretVersionIds",
  ),
  pool: of(
    "cognito-idp",
    `AdminGetUser AdminListGroupsForUser ListUsers ListUsersInGroup AdminCreateUser AdminDeleteUser AdminSetUserPassword
     AdminAddUserToGroup AdminRemoveUserFromGroup AdminInitiateAuth AdminUpdateUserAttributes AdminDisableUser
     UpdateUserPool UpdateUserPoolClient DescribeUserPoolClient DeleteUserPool`,
  ),
  function: of(
    "lambda",
    `InvokeFunction GetFunction GetFunctionConfiguration UpdateFunctionCode UpdateFunctionConfiguration AddPermission
     DeleteFunction CreateFunctionUrlConfig PutFunctionConcurrency`,
  ),
  connections: of("execute-api", "ManageConnections Invoke InvalidateCache"),
  logs: of(
    "logs",
    "CreateLogStream PutLogEvents GetLogEvents FilterLogEvents DeleteLogStream DeleteLogGroup PutRetentionPolicy",
  ),
  key: of("kms", "Encrypt Decrypt GenerateDataKey DescribeKey PutKeyPolicy ScheduleKeyDeletion"),
  pipe: of("pipes", "StopPipe UpdatePipe DeletePipe"),
  role: [
    ...of("iam", "PassRole GetRole PutRolePolicy AttachRolePolicy UpdateAssumeRolePolicy DeleteRole CreateRole"),
    "sts:AssumeRole",
  ],
  /** What has no resource to name, or makes new ones. */
  account: [
    ...of("iam", "CreateUser CreateAccessKey CreatePolicy ListRoles"),
    ...of("cloudformation", "CreateStack UpdateStack DeleteStack DescribeStacks"),
    ...of("cloudwatch", "PutMetricData GetMetricData DeleteAlarms"),
    ...of("xray", "PutTraceSegments PutTelemetryRecords"),
    ...of("ec2", "CreateNetworkInterface DescribeNetworkInterfaces DeleteNetworkInterface"),
    ...of("scheduler", "CreateSchedule UpdateSchedule DeleteSchedule"),
    ...of("ssm", "GetParameter PutParameter"),
    "dynamodb:ListTables",
    "lambda:CreateFunction",
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "sqs:ListQueues",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Every action of the lists. */
export const KNOWN_ACTIONS: ReadonlySet<string> = new Set(Object.values(ACTIONS).flat());
