import { InvokeCommand, type LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";

/** Calls `live-connections` as its schedule does each minute: from then on channels without a row have no listeners. */
export const takeCensus = async (lambda: LambdaClient): Promise<void> => {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const isIt = (one: (typeof Functions)[number]) =>
      one.Environment?.Variables?.POWERTOOLS_SERVICE_NAME === "live-connections";
    const FunctionName = Functions.find(isIt)?.FunctionName;
    if (FunctionName === undefined) continue;
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: "{}" }));
    if (FunctionError !== undefined) throw new Error(`the census ended with ${FunctionError}`);
    return;
  }
  throw new Error("the stack has no function live-connections");
};
