/** The states in which every view is designed. */
export const galleryStates = ['loading', 'empty', 'failed', 'normal', 'much'] as const;
export type GalleryState = (typeof galleryStates)[number];

/** How many things there are in each state. */
export const lengths: Readonly<Record<GalleryState, number>> = {
  loading: 0,
  empty: 0,
  failed: 0,
  normal: 4,
  much: 60,
};

/** By path below the API: what the server would say when there are so many. */
export type Answers = Readonly<Record<string, (count: number) => object>>;

/** Answers like a server in one of the states; what is made up never leaves the gallery. */
export const answersIn =
  (answers: Answers, state: GalleryState) =>
  (request: Request): Promise<Response> | undefined => {
    const find = answers[new URL(request.url).pathname.replace('/api/v1', '')];
    if (!find) return undefined;
    if (state === 'loading') return new Promise(() => undefined);
    if (state === 'failed') {
      const fault = { code: 'internal', params: {}, request_id: '4f2a-91c0' };
      return Promise.resolve(Response.json(fault, { status: 500 }));
    }
    return Promise.resolve(Response.json(find(lengths[state])));
  };
