/** Steps of a run whose length nobody has said. */
export const EXPECTED_STEPS = 1000;
