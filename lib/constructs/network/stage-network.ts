import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import type { VpcSettings } from "../../config/vpc-settings.ts";
import { acceptFinding } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";

const HTTPS = Port.tcp(443);

/** Services that functions call by interfaces, where the stage pays for those. WebSocket APIs and the sign-in are reached over the internet only. */
const PRIVATE = {
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Sns: InterfaceVpcEndpointAwsService.SNS,
  EventBridge: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
  Lambda: InterfaceVpcEndpointAwsService.LAMBDA,
};

export interface StageNetworkProps {
  readonly config: StageConfig;
  readonly vpc: VpcSettings;
}

/**
 * The network that the functions of a stage are in: they call out by HTTPS, and nothing calls in. S3 and DynamoDB are reached by gateways, which cost
 * nothing; the internet by NAT gateways. No endpoint of execute-api: with it, addresses of every API in AWS would stop answering in here.
 *
 * @example
 * const network = new StageNetwork(this, "Network", { config, vpc: config.vpc });
 */
export class StageNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { config, vpc }: StageNetworkProps) {
    super(scope, id);
    // The cast: the library's own types disagree about an optional property.
    const network = (
      "vpc_id" in vpc
        ? Vpc.fromVpcAttributes(this, "Vpc", {
            vpcId: vpc.vpc_id,
            // Only their number is read: each subnet is in a zone.
            availabilityZones: vpc.subnet_ids.map((_, index) => `zone-${index}`),
            privateSubnetIds: [...vpc.subnet_ids],
          })
        : this.#own(config, vpc)
    ) as IVpc;
    const functions = new SecurityGroup(this, "Functions", {
      vpc: network,
      description: `Functions of Enrichline ${config.stage}: out by HTTPS only`,
      allowAllOutbound: false,
    });
    functions.addEgressRule(Peer.anyIpv4(), HTTPS, "AWS, upstreams and receivers of webhooks");
    if ("private_endpoints" in vpc && vpc.private_endpoints) this.#endpoints(network, functions);
    this.subnetIds = network.privateSubnets.map(({ subnetId }) => subnetId);
    this.securityGroupId = functions.securityGroupId;
  }

  #own(config: StageConfig, { availability_zones, nat_gateways }: Extract<VpcSettings, { nat_gateways: number }>): Vpc {
    const vpc = new Vpc(this, "Vpc", {
      maxAzs: availability_zones,
      natGateways: Math.min(nat_gateways, availability_zones),
      subnetConfiguration: [
        { name: "Public", subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: "Functions", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      // A helper function would empty it; nothing is in it.
      restrictDefaultSecurityGroup: false,
    });
    const logs = new LogGroup(this, "RefusedLogs", {
      retention: config.log_retention_days,
      removalPolicy: removalPolicy(config),
    });
    vpc.addFlowLog("Refused", {
      destination: FlowLogDestination.toCloudWatchLogs(logs),
      trafficType: FlowLogTrafficType.REJECT,
    });
    acceptFinding(
      vpc,
      {
        rules: ["NIST.800.53.R5-VPCDefaultSecurityGroupClosed"],
        reason:
          "Nothing is in the default group, and only a helper function could empty it; our functions have their own.",
      },
      {
        rules: ["NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW"],
        reason: "Only NAT gateways are in the public subnets; the route is theirs.",
      },
    );
    return vpc;
  }

  #endpoints(vpc: IVpc, functions: SecurityGroup): void {
    const group = new SecurityGroup(this, "Endpoints", {
      vpc,
      description: "Endpoints of AWS services: HTTPS from our functions",
      allowAllOutbound: false,
    });
    group.addIngressRule(functions, HTTPS, "Our functions");
    for (const [name, service] of Object.entries(PRIVATE)) {
      vpc.addInterfaceEndpoint(name, { service, securityGroups: [group], open: false });
    }
  }
}
