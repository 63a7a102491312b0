import { AgentError } from "../../protocol/errors.ts";
import { decodeText } from "../patch/encoding.ts";

/** No text has these, whatever its language. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]/;

/** The bytes as text for a model. Throws `unfaithful` when they are not. */
export function plainTextOf(bytes: Uint8Array): string {
  const text = decodeText(bytes)?.text;
  if (text === undefined || CONTROL.test(text)) {
    throw new AgentError("unfaithful", "It is not a text file. Save it as UTF-8 text.");
  }
  return text;
}
