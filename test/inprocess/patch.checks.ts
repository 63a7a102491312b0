import { patchChecks } from "../core/patch/hostChecks.ts";
import { onVscodeHost } from "./vscodeFixture.ts";

export const checks = onVscodeHost(patchChecks);
