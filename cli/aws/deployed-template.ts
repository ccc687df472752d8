import { type CloudFormationClient, GetTemplateCommand } from "@aws-sdk/client-cloudformation";

/** The template that a stack was deployed from, as it was sent. Fails as the SDK does. */
export const deployedTemplate = async (client: CloudFormationClient, stack: string): Promise<unknown> => {
  const { TemplateBody = "{}" } = await client.send(
    new GetTemplateCommand({ StackName: stack, TemplateStage: "Original" }),
  );
  return JSON.parse(TemplateBody);
};
