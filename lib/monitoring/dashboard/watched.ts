import type { HttpApi, WebSocketApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

/** What the dashboard shows, by the names that people use. */
export interface Watched {
  readonly api: HttpApi;
  readonly live: WebSocketApi;
  readonly queues: Readonly<Record<string, { readonly queue: IQueue; readonly deadLetterQueue: IQueue }>>;
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly tables: Readonly<Record<string, Table>>;
}
