import type { Output } from "./output.ts";

/** An output's text in the pieces in which it is streamed. */
export function deltasOf(output: Output): string[] {
  switch (output.type) {
    case "reasoning":
      return output.parts.flatMap(words);
    case "message":
      return words(output.text);
    case "call":
      return slices(output.arguments);
    case "customCall":
      return slices(output.input);
    case "compaction":
      return [];
  }
}

/** Words with the white space before them; what follows the last word goes with it. */
export function words(text: string): string[] {
  return text.match(/\s*\S+(\s+$)?|\s+$/g) ?? [];
}

/** Pieces of 16 characters, never cutting a surrogate pair. */
function slices(text: string): string[] {
  return text.match(/[\s\S]{1,16}/gu) ?? [];
}
