/** Filled in by the build. */
declare const PATCHWRIGHT_VERSION: string;

export const version = PATCHWRIGHT_VERSION;
