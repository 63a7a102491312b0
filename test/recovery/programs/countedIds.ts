import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

/** To be imported before a program: it names its temporary files so that their names are known beforehand, by the number of its process. */
let count = 0;
const digits = String(process.pid).padStart(8, "0");
crypto.randomUUID = () => `${digits}-0000-4000-8000-${String(count++).padStart(12, "0")}` as const;
syncBuiltinESMExports();
