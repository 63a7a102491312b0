/** In letters. Keys have some hundred, and tokens a few thousand. */
const MAX_LENGTH = 16 * 1024;

/** Why a text cannot be a key; undefined when it may be one. */
export function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === "") return "Paste the key of your model server.";
  if (key.length > MAX_LENGTH) return "That is too long to be a key. Paste it again.";
  return /^[\x21-\x7e]+$/.test(key) ? undefined : "A key has no spaces or special characters. Paste it again.";
}
