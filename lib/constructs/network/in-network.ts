import type { IAspect } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import { ServiceFunction } from "../service-function.ts";
import type { StageNetwork } from "./stage-network.ts";

/** Puts every function of ours into a network: one that was forgotten would reach what the others may not. */
export class InNetwork implements IAspect {
  readonly #network: StageNetwork;

  constructor(network: StageNetwork) {
    this.#network = network;
  }

  visit(node: IConstruct): void {
    if (node instanceof ServiceFunction) node.enter(this.#network);
  }
}
