import * as z from "zod";

/** A network that the stage makes and keeps for itself. */
const OwnVpcSchema = z.strictObject({
  /** Zones with a subnet each. */
  availability_zones: z.number().int().min(2).max(3).default(2),
  /**
   * Gateways to the internet, which sources, webhooks, sign-in and live connections are behind: 33 dollars a month each, and 4.5 cents a
   * gigabyte. With one, functions of all zones are cut off when its zone fails.
   */
  nat_gateways: z.number().int().min(1).max(3).default(1),
  /** Whether SQS, Secrets Manager, SNS, EventBridge and Lambda are reached inside AWS too: 7 dollars a month for each in each zone. */
  private_endpoints: z.boolean().default(false),
});

/** A network that is there already. Its subnets must reach the internet: upstreams are there. */
const GivenVpcSchema = z.strictObject({
  vpc_id: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "must be the id of a VPC, such as vpc-0123456789abcdef0"),
  /** Private subnets with a route to a NAT gateway, in two zones or more. */
  subnet_ids: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, "must be the id of a subnet, such as subnet-0123456789abcdef0"))
    .min(2, "name subnets of two zones or more"),
});

/** The network that the functions of a stage are in; `{}` makes one. Absent: they are in the one that Lambda has for everybody. */
export const VpcSettingsSchema = z.union([GivenVpcSchema, OwnVpcSchema], {
  error: 'must be {} for a network of its own, or {"vpc_id": "vpc-…", "subnet_ids": ["subnet-…", "subnet-…"]}',
});
export type VpcSettings = z.infer<typeof VpcSettingsSchema>;
