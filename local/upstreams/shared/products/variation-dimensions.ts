import type { Json } from "../json.ts";
import type { SimProduct } from "./product.ts";

/** In which ways the children of a family differ, with every value that occurs. */
export const variationDimensions = (children: readonly SimProduct[]): Json[] => {
  const values = (pick: (product: SimProduct) => string | null): string[] => [
    ...new Set(children.map(pick).filter((value): value is string => value !== null)),
  ];
  return [
    { displayName: "Size", name: "size_name", values: values((product) => product.size) },
    { displayName: "Color", name: "color_name", values: values((product) => product.color) },
  ];
};
