import { toAgentError } from "../../protocol/errors.ts";

/** Why a file was not written, for the user: where the host's words are meant for the model, others take their place. */
export function refusalOf(path: string, error: unknown): string {
  const { code, message } = toAgentError(error);
  switch (code) {
    case "conflict":
      return `${path} has unsaved changes in the editor, or was changed at this very moment, so it was left alone. Save it and try again.`;
    case "unfaithful":
      return `${path} has unsaved changes in the editor, or its encoding lacks a character of the text, so it was left alone. Save it, if need be in UTF-8, and try again.`;
    default:
      return message;
  }
}
