/**
 * The language of `apply_patch` for the model's custom tool: `format: { type: "grammar", syntax: "lark", definition: patchGrammar }`.
 * It is the strict form that a model is held to while it writes; `parsePatch` accepts all of it and forgives a little more.
 * Every line of a file is one terminal, so that no free text is split between a terminal and a rule.
 */
export const patchGrammar = String.raw`start: "*** Begin Patch\n" section+ "*** End Patch" "\n"?

section: addition | deletion | update

addition: "*** Add File: " PATH "\n" ADDED*
deletion: "*** Delete File: " PATH "\n"
update: "*** Update File: " PATH "\n" (move hunks? | hunks)
move: "*** Move to: " PATH "\n"

hunks: first_hunk hunk*
first_hunk: HEADER* body
hunk: HEADER+ body
body: (KEPT | ADDED | REMOVED)+ "*** End of File\n"?

PATH: /\S[^\n]*/
HEADER: /@@( [^\n]*)?\n/
KEPT: / [^\n]*\n/
ADDED: /\+[^\n]*\n/
REMOVED: /-[^\n]*\n/
`;
