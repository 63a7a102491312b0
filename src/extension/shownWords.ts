import { sanitizeForDisplay, sanitizeLine } from "../protocol/sanitizeForDisplay.ts";

const maxNoticeLength = 1000;

/**
 * Words for a notification. The editor makes links of "[words](address)" there, those that run commands among them, so a name of a file or what a
 * model says must not have that form.
 */
export function noticeText(text: string): string {
  return sanitizeForDisplay(text).slice(0, maxNoticeLength).replaceAll("](", "] (");
}

/** A name in a list or in the status bar, where the editor makes pictures of "$(name)". */
export function labelText(text: string): string {
  return sanitizeLine(text).replaceAll("$(", "$ (");
}
