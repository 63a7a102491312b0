/** The signal of a look that nobody stops. */
export const never: AbortSignal = new AbortController().signal;
