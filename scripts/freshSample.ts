import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";

const template = path.resolve(import.meta.dirname, "../sample");
export async function createSample(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(template, folder, { recursive: true }).catch(() => {});
  return folder;
}
