import { hostContract } from "../host/contract.ts";
import { onVscodeHost } from "./vscodeFixture.ts";

export const checks = onVscodeHost(hostContract);
