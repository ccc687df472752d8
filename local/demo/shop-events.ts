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

/** The events of ten videos of a seller: each half in an order of its own, every third event twice. */
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
  const odd = (events: readonly DemoEvent[]): DemoEvent[] =>
    events.flatMap((_, place) => events[(place * STRIDE) % events.length] ?? []);
  return [...thumbnails.toReversed(), ...odd(captions)].flatMap((event, place) =>
    place % DOUBLE_EVERY === 0 ? [event, event] : [event],
  );
};
