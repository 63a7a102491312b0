import * as z from "zod";
import { userInput } from "./items.ts";
import { approvalPolicy, editReview, sandboxPolicy } from "./settings.ts";

const empty = z.object({});

/** What the panel needs to know of the window it is in. */
export const editorState = z.object({
  /** The name of the first workspace folder; undefined when no folder is open. */
  workspaceName: z.string().optional(),
  workspaceRoots: z.array(z.string()),
  /** True in the sample workspace, where the demo model may be picked. */
  demoOffered: z.boolean(),
  /** False in Restricted Mode. */
  trusted: z.boolean(),
  /** What Enter does with a message while a turn runs; Ctrl+Enter does the other. "queue" unless given. */
  enterWhileRunning: z.enum(["queue", "steer"]).optional(),
  /** Where threads are kept, for people. */
  storageRoot: z.string(),
  /** What a new thread works with unless the panel says otherwise. */
  defaults: z.object({ approvalPolicy, sandboxPolicy, editReview }).optional(),
  /** Another one for each window, and after each start of the editor. */
  windowId: z.string().optional(),
});
export type EditorState = z.infer<typeof editorState>;

/** Asked by the panel of the shell around it (the extension, or the page in a browser). Never reach the server. */
export const editorRequests = {
  "editor/state": { params: empty, result: editorState },
  /** Lines and columns count from 1. A path may be relative to the first workspace folder that has it. */
  "editor/openFile": {
    params: z.object({ path: z.string(), line: z.int().min(1).optional(), column: z.int().min(1).optional() }),
    result: empty,
  },
  /** Shows what a file-change item does, or is about to do, to one of its files. */
  "editor/showDiff": {
    params: z.object({ threadId: z.string(), itemId: z.string(), path: z.string() }),
    result: empty,
  },
  /** Opens a file under review at one of its hunks: the named one, else the first; without a path, the first file that has any. */
  "editor/reviewChanges": {
    params: z.object({ path: z.string().optional(), hunkId: z.string().optional() }),
    result: empty,
  },
  /** Shows a file under review against its baseline, side by side. */
  "editor/showChange": { params: z.object({ path: z.string() }), result: empty },
  /** Shows every file that a thread changed and that is under review, against their baselines. */
  "editor/showAllChanges": { params: z.object({ threadId: z.string() }), result: empty },
  "editor/showTerminal": { params: z.object({ itemId: z.string() }), result: empty },
  /** Asks for the key in an input box and keeps it; `entered` is false when the user backs out. */
  "editor/enterKey": { params: empty, result: z.object({ entered: z.boolean() }) },
  /** Switches this window to the demo model; only where `demoOffered`. */
  "editor/startDemo": { params: empty, result: empty },
  /** Opens the settings with this text in the search. */
  "editor/openSettings": { params: z.object({ query: z.string() }), result: empty },
  /** Opens an http or https address in the user's browser, after the editor's own question. */
  "editor/openLink": { params: z.object({ url: z.string() }), result: empty },
  /** Lets the user pick files to mention; empty when they back out. */
  "editor/pickFiles": { params: empty, result: z.object({ paths: z.array(z.string()) }) },
  /** Lets the user pick the folder to work in, which the window then opens. */
  "editor/openFolder": { params: empty, result: empty },
  "editor/manageTrust": { params: empty, result: empty },
  "editor/copy": { params: z.object({ text: z.string() }), result: empty },
} as const;

/** Told by the shell to the panel. */
export const editorNotifications = {
  "editor/stateChanged": editorState,
  /** Go on with this thread, which was open when the window was last used; it may be running already. */
  "editor/showThread": z.object({ threadId: z.string() }),
  /** Start a thread in this folder, else in the first of the workspace, with this message; it works as the user chose for new threads. */
  "editor/startThread": z.object({ cwd: z.string().nullable(), input: z.array(userInput) }),
  /** Start a new, empty thread. */
  "editor/newThread": empty,
  "editor/showHistory": empty,
  /** Show the rules that the user saved. */
  "editor/showRules": empty,
  /** Put this into the composer, before what is there, and focus it. */
  "editor/compose": z.object({ input: z.array(userInput) }),
  "editor/focus": empty,
  /** The agent behind the connection has ended. A new `initialize` begins anew. */
  "editor/agentStopped": empty,
} as const;

export type EditorRequestMethod = keyof typeof editorRequests;
export type EditorRequestParams<M extends EditorRequestMethod> = z.input<(typeof editorRequests)[M]["params"]>;
export type EditorRequestResult<M extends EditorRequestMethod> = z.output<(typeof editorRequests)[M]["result"]>;
export type EditorNotificationMethod = keyof typeof editorNotifications;
export type EditorNotificationParams<M extends EditorNotificationMethod> = z.output<(typeof editorNotifications)[M]>;
