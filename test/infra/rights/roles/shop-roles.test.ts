import { describe, expect, it } from "vitest";
import { roleStatements } from "../../stage/resources.ts";
import { synthesizedStage } from "../../stage/synth-stage.ts";

const { Shop, Api } = synthesizedStage("prod").templates;

describe("rights", () => {
  it("let the shop line touch its own two tables and queues, and nothing of catalogs", () => {
    const own = [Shop, Api].flatMap((template) =>
      [...roleStatements(template)].filter(([id]) => /^(AssembleProduct|SweepStaging|ShopApi)/.test(id)),
    );
    expect(own).toHaveLength(3);
    const rights = own.flatMap(([id, list]) =>
      list
        .filter(({ Action }) => !Action.some((action) => action.startsWith("logs:")))
        .flatMap(({ Action, Resource }) =>
          Resource.map((resource) => {
            const [what] = /AssemblyStaging|ShopProducts|CaptionParsed|ThumbnailGenerated/.exec(resource) ?? [resource];
            const index = resource.includes("/index/by-created") ? " by-created" : "";
            return `${/^[A-Za-z]+?(?=Role)/.exec(id)?.[0]} ${what}${index}: ${Action.toSorted().join(" ")}`;
          }),
        ),
    );
    const consume = "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage";
    expect(rights.sort()).toEqual([
      "AssembleProduct AssemblyStaging: dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem",
      `AssembleProduct CaptionParsed: ${consume}`,
      "AssembleProduct ShopProducts: dynamodb:BatchGetItem dynamodb:PutItem",
      `AssembleProduct ThumbnailGenerated: ${consume}`,
      "ShopApi ShopProducts by-created: dynamodb:Query",
      "ShopApi ShopProducts: dynamodb:BatchGetItem dynamodb:GetItem",
      "SweepStaging AssemblyStaging: dynamodb:BatchWriteItem dynamodb:Scan dynamodb:UpdateItem",
      "SweepStaging ShopProducts: dynamodb:GetItem dynamodb:PutItem",
    ]);
  });
});
