/** The arguments, or the user's own file of settings, are wrong: the program says so and ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
