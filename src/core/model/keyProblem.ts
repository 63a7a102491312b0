/** Why a text cannot be a key; undefined when it may be one. */
export function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === "") return "Paste the key of your model server.";
  return /^[\x21-\x7e]+$/.test(key) ? undefined : "A key has no spaces or special characters. Paste it again.";
}
