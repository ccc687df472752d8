import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ResolvedStage } from "./rights/resolve-names.ts";
import { EVERYTHING } from "./stage/everything.ts";
import { buildStage, STAGES, templatesByStack } from "./stage/synth-stage.ts";

/** Bytes that Lambda takes of the variables of a function, names and values together. */
const MAX_BYTES = 4_096;
/** Characters of a name that CloudFormation makes, by what takes the shortest: the rest is cut off. */
const LONGEST_NAMES: Readonly<Record<string, number>> = {
  "AWS::Lambda::Function": 64,
  "AWS::S3::Bucket": 63,
  "AWS::SQS::Queue": 80,
  // Ids of AWS's own making.
  "AWS::ApiGatewayV2::Api": 10,
  "AWS::Cognito::UserPool": 24,
};
/** What CloudFormation puts behind a name of its own. */
const SUFFIX = "-A1B2C3D4E5F6G";
/** As long as a region's name is. */
const LONG_REGION = "ap-southeast-1";

const FunctionSchema = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.string()) }) });

/** Bytes of the variables of each function of a stage, once every name in them is as CloudFormation makes it. */
const bytesOf = (stage: string, extra: Readonly<Record<string, unknown>>): Map<string, number> => {
  const resolved = new ResolvedStage(templatesByStack(buildStage(stage, extra)), (stack, logicalId, type) =>
    `${stack}-${logicalId}${SUFFIX}`.slice(0, LONGEST_NAMES[type]),
  );
  return new Map(
    resolved.propertiesOf("AWS::Lambda::Function").map(({ logicalId, properties }) => {
      const { Variables } = FunctionSchema.parse(properties).Environment;
      const text = Object.entries(Variables).flat().join("").replaceAll("eu-west-1", LONG_REGION);
      return [logicalId, Buffer.byteLength(text)] as const;
    }),
  );
};

const tooLarge = (sizes: ReadonlyMap<string, number>): [string, number][] =>
  [...sizes].filter(([, bytes]) => bytes > MAX_BYTES);

describe("the variables of a function", () => {
  it.each(STAGES)("are what Lambda takes, on stage %s", (stage) => {
    const sizes = bytesOf(stage, {});
    expect(sizes.size).toBeGreaterThan(10);
    expect(tooLarge(sizes)).toEqual([]);
  });

  // The log groups of dead letters are named up to 8 letters.
  it.each([8, 20])("are what Lambda takes on a stage with all there is and a name of %i letters", (letters) => {
    const stage = "x".repeat(letters);
    const settings = { kind: "prod", alarm_email: "ops@example.com", shop_line: true, shop_topic: true, ...EVERYTHING };
    const sizes = bytesOf(stage, { stages: { [stage]: settings } });
    expect(tooLarge(sizes)).toEqual([]);
  });
});
