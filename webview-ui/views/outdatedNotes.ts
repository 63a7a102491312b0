import type { NotificationMethod } from "../../src/protocol/methods.ts";
import { type Key, t } from "../strings.ts";

/** The lines below the message that no longer hold when this is heard. */
const over: Partial<Record<NotificationMethod, readonly Key[]>> = {
  "account/updated": ["needsKey"],
  "serverRequest/resolved": ["sayInstead", "enterDenies"],
};

export function isOutdated(note: string, heard: NotificationMethod): boolean {
  return over[heard]?.some((key) => t(key) === note) ?? false;
}
