import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import type { VpcSettings } from "../config/vpc-settings.ts";
import { StageNetwork } from "../constructs/network/stage-network.ts";

export interface NetworkStackProps extends StackProps {
  readonly config: StageConfig;
  readonly vpc: VpcSettings;
}

/** The network that the functions are in, where a stage has one of its own choice. */
export class NetworkStack extends Stack {
  readonly network: StageNetwork;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    this.network = new StageNetwork(this, "Network", props);
  }
}
