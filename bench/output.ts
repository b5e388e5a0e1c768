/** Where the bench writes: results to the first, how it goes and what is wrong to the second. */
export interface Output {
  line(text: string): void;
  error(text: string): void;
}
