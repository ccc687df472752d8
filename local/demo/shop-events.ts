/** Videos of the demo. */
export const DEMO_VIDEOS = 10;

/** A message and the queue that it goes to. */
export interface DemoEvent {
  readonly queue: "caption-parsed" | "thumbnail-generated";
  readonly body: Readonly<Record<string, unknown>>;
}

const GOODS = ["Linen shirt", "Straw hat", "Canvas bag", "Silk scarf", "Denim jacket"] as const;
const COLOURS = ["white", "navy"] as const;
/** Every so many events come twice. */
const DOUBLE_EVERY = 3;
/** Has no part in common with the number of videos, so that each one is met. */
const STRIDE = 7;
/** How many places after its first half the second one of a video comes: at once, and when others are on their way. */
const GAPS = [0.5, 3.5, 6.5, 2.5] as const;
/** How many places after an event its double comes: mostly before the other half, at times when the product is made. */
const DOUBLE_GAP = 1.25;

/** An event and its place in the order. */
interface Placed {
  readonly event: DemoEvent;
  readonly at: number;
}

/**
 * The events of ten videos of a seller in the order in which they are sent: of every other video the caption comes first, of the
 * others the thumbnails, and every third event comes twice. Always the same order.
 */
export const demoEvents = (seller: string): DemoEvent[] => {
  const timestamp = new Date().toISOString();
  const videos = Array.from({ length: DEMO_VIDEOS }, (_, number) => `video-${String(number + 1).padStart(2, "0")}`);
  const thumbnails = videos.map((video, number): DemoEvent => {
    const url = (place: number): string => `https://pictures.example.com/${seller}/${video}/${place}.jpg`;
    return {
      queue: "thumbnail-generated",
      body: {
        video_id: video,
        seller_handle: seller,
        thumbnails: [1, 2, 3, 4, 5].map((place) => ({
          url: url(place),
          width: 720,
          height: 1_280,
          timestamp: place * 3,
        })),
        primary_thumbnail: url(2),
        processing_metadata: {
          ...{ video_duration: 15 + number, frames_analyzed: 375 + 25 * number },
          ...{ thumbnails_generated: 5, processing_time_ms: 800 + 10 * number },
        },
        timestamp,
      },
    };
  });
  const captions = videos.map((video, number): DemoEvent => {
    const title = `${GOODS[number % GOODS.length]}, ${COLOURS[number % COLOURS.length]}`;
    const price = number === 3 ? null : 19.9 + 5 * number;
    return {
      queue: "caption-parsed",
      body: {
        ...{ video_id: video, seller_handle: seller, title, price, sizes: number % 4 === 1 ? null : ["S", "M", "L"] },
        ...{
          tags: ["demo"],
          confidence_score: 0.9,
          raw_caption: `${title} - ${price ?? "ask for the price"}`,
          timestamp,
        },
      },
    };
  });
  const placed = videos.flatMap((_, number): Placed[] => {
    const [caption, pictures] = [captions[number], thumbnails[number]];
    if (!caption || !pictures) return [];
    const [first, second] = number % 2 === 0 ? [pictures, caption] : [caption, pictures];
    const at = (number * STRIDE) % DEMO_VIDEOS;
    return [
      { event: first, at },
      { event: second, at: at + (GAPS[number % GAPS.length] ?? 0) },
    ];
  });
  const doubles = placed.flatMap(({ event, at }, place) =>
    place % DOUBLE_EVERY === 0 ? [{ event, at: at + DOUBLE_GAP }] : [],
  );
  return [...placed, ...doubles].sort((one, other) => one.at - other.at).map(({ event }) => event);
};
