/** The marks of our own around what is told, which nothing within may end or begin. */
const OWN =
  /<(?=\s*\/?\s*(?:permissions|mode|developer_instructions|project_instructions|environment_context|tools|undone_changes|turn_aborted)\b)/gi;

/** A text of others as part of a layer: it cannot pass for the end of the layer, or for another one. All else stays as it is. */
export function within(text: string): string {
  return text.replace(OWN, "&lt;");
}

/** A name of others on one line, in which nothing looks like a mark. */
export function nameWithin(name: string): string {
  return name.replace(/\p{Cc}/gu, "?").replace(/<(?=[/a-z!?])/gi, "&lt;");
}
