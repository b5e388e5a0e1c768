// What is loaded when a person comes to it.

/** How far from the window a place may be, for its part to be there when it is seen. */
const MARGIN = '400px';

/** Calls back once, when the place comes near the window. */
export function whenNear(place: Element, then: () => void | Promise<void>): void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      void then();
    },
    { rootMargin: `${MARGIN} 0px` },
  );
  watch.observe(place);
}
