/** Departments and what they sell: category path, nouns, materials. All made up for the simulators. */
export interface Department {
  readonly path: readonly [string, string, string];
  readonly nouns: readonly [string, ...string[]];
  readonly priceMinor: readonly [number, number];
}

export const DEPARTMENTS: readonly [Department, ...Department[]] = [
  {
    path: ["Electronics", "Headphones", "Over-Ear"],
    nouns: ["Wireless Headphones", "Studio Headphones"],
    priceMinor: [2499, 34999],
  },
  {
    path: ["Electronics", "Computers", "Keyboards"],
    nouns: ["Mechanical Keyboard", "Compact Keyboard", "Keypad"],
    priceMinor: [1999, 17999],
  },
  { path: ["Electronics", "Cameras", "Tripods"], nouns: ["Travel Tripod", "Desk Tripod"], priceMinor: [1499, 12999] },
  {
    path: ["Cell Phones", "Accessories", "Chargers"],
    nouns: ["USB-C Charger", "Charging Pad", "Power Bank"],
    priceMinor: [999, 7999],
  },
  { path: ["Kitchen", "Cookware", "Pans"], nouns: ["Frying Pan", "Sauté Pan", "Grill Pan"], priceMinor: [1299, 9999] },
  { path: ["Kitchen", "Coffee", "Grinders"], nouns: ["Hand Grinder", "Burr Grinder"], priceMinor: [1999, 24999] },
  { path: ["Tools", "Hand Tools", "Screwdrivers"], nouns: ["Screwdriver Set", "Bit Set"], priceMinor: [899, 6999] },
  { path: ["Tools", "Power Tools", "Drills"], nouns: ["Cordless Drill", "Impact Driver"], priceMinor: [3999, 24999] },
  { path: ["Sports", "Outdoor", "Backpacks"], nouns: ["Daypack", "Trekking Backpack"], priceMinor: [2499, 18999] },
  { path: ["Sports", "Fitness", "Mats"], nouns: ["Yoga Mat", "Exercise Mat"], priceMinor: [1299, 7999] },
  { path: ["Toys", "Building", "Bricks"], nouns: ["Building Set", "Marble Run"], priceMinor: [1499, 14999] },
  { path: ["Office", "Writing", "Pens"], nouns: ["Fountain Pen", "Gel Pens"], priceMinor: [499, 8999] },
  { path: ["Home", "Lighting", "Desk Lamps"], nouns: ["Desk Lamp", "Clip Lamp"], priceMinor: [1499, 9999] },
  { path: ["Garden", "Watering", "Hoses"], nouns: ["Garden Hose", "Hose Reel"], priceMinor: [1999, 12999] },
  { path: ["Pet Supplies", "Dogs", "Beds"], nouns: ["Dog Bed", "Travel Kennel"], priceMinor: [1999, 11999] },
];

export const BRANDS: readonly [string, ...string[]] = [
  "Aldersund",
  "Brightmoor",
  "Caldera Works",
  "Dunfell",
  "Eskova",
  "Fernhollow",
  "Graycliff",
  "Hallbrook",
  "Ironvale",
  "Juniper & Oak",
  "Kestrelle",
  "Lindqvist",
  "Marrow Bay",
  "Northmere",
  "Ostara",
  "Pinewick",
  "Quillon",
  "Ravensted",
  "Solvane",
  "Tarnwood",
  "Umbral",
  "Velloria",
  "Westermark",
  "Yarrow",
];

export const ADJECTIVES: readonly [string, ...string[]] = [
  "Compact",
  "Classic",
  "Lightweight",
  "Heavy-Duty",
  "Everyday",
  "Foldable",
  "Premium",
  "Silent",
  "Pro",
  "Ultra-Slim",
];

export const MATERIALS: readonly [string, ...string[]] = [
  "Aluminium",
  "Stainless Steel",
  "Recycled Nylon",
  "Bamboo",
  "Silicone",
  "Carbon Steel",
  "Walnut",
  "Ceramic",
];

export const COLORS: readonly [string, ...string[]] = [
  "Black",
  "White",
  "Navy",
  "Forest Green",
  "Graphite",
  "Sand",
  "Burgundy",
  "Sky Blue",
  "Orange",
  "Rose",
  "Silver",
  "Olive",
  "Teal",
  "Lavender",
  "Mustard",
  "Ivory",
  "Coral",
  "Cobalt",
  "Mint",
  "Charcoal",
  "Copper",
  "Plum",
  "Stone",
  "Crimson",
];

export const FEATURE_PARTS: readonly [string, ...string[]] = [
  "made to be used every day and easy to clean",
  "fits where space is short and packs away flat",
  "tested for ten thousand uses in the workshop",
  "comes with a two-year guarantee and spare parts",
  "stays cool to the touch even after an hour",
  "needs no tools: set up in under five minutes",
  "packed without plastic in a recycled box",
];

export const BOOK_SUBJECTS: readonly [string, ...string[]] = [
  "Lighthouses",
  "Slow Bread",
  "the Baltic Coast",
  "Small Engines",
  "Night Trains",
  "Winter Gardens",
  "Mountain Huts",
];

export const AUTHORS: readonly [string, ...string[]] = [
  "Mara Ellingsen",
  "Tobias Renn",
  "Ines Carvalho",
  "Odile Marchetti",
  "Hugh Penwarden",
  "Sanna Kivelä",
];
