import { stat } from "node:fs/promises";

/** To be imported before a program: the thread that works with files is there from the beginning, so that it can be watched. */
await stat("/");
