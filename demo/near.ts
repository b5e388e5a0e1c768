// What is loaded when a person comes to it.

/** How far from the window a place may be, for its part to be there when it is seen. */
const MARGIN = '400px';

/** Calls back once, when the place comes near the window; again when there is a network, if nothing could be loaded. */
export function whenNear(place: Element, then: () => void | Promise<void>): void {
  const begin = async (): Promise<void> => {
    try {
      await then();
    } catch (error) {
      addEventListener('online', () => void begin(), { once: true });
      throw error;
    }
  };
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      void begin();
    },
    { rootMargin: `${MARGIN} 0px` },
  );
  watch.observe(place);
}
