import * as z from "zod";

/** What the user settled for good: commands that begin with certain words, or connections to a host. Additions of Patchwright. */
export const rule = z.object({
  id: z.string(),
  subject: z.discriminatedUnion("kind", [
    /** The first words of an argv, word for word. */
    z.object({ kind: z.literal("command"), prefix: z.array(z.string()).min(1) }),
    /**
     * A host name or address in lower case; "*.example.org" stands for all names below it. With ":" and a port it is for that port alone; without,
     * what allows is for 80 and 443, and what denies for all ports.
     */
    z.object({ kind: z.literal("host"), host: z.string().min(1) }),
  ]),
  /** Deny beats allow. */
  decision: z.enum(["allow", "deny"]),
  /** True when what it allows may run with all the user's rights, which it has to where there is no sandbox; otherwise in the sandbox alone. Of commands only. */
  unconfined: z.boolean().optional(),
  /** The absolute folder where it holds; absent for everywhere. */
  workspace: z.string().optional(),
  /** Unix seconds. */
  createdAt: z.number(),
});
export type Rule = z.infer<typeof rule>;

/** A rule as the user writes it. */
export const newRule = rule.omit({ id: true, createdAt: true });
export type NewRule = z.infer<typeof newRule>;
