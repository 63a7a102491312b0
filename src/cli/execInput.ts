import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { UserInput } from "../protocol/items.ts";
import { UsageError } from "./usageError.ts";

/** A folder that an option names, absolute and without links. Throws UsageError when it is none. */
export async function folderOf(option: string, given: string): Promise<string> {
  const folder = path.resolve(given);
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new UsageError(`${option} ${given}: there is no such folder.`);
  return realpath(folder);
}

/** The folder's repository, or undefined when it is in none. */
export async function repositoryOf(folder: string): Promise<string | undefined> {
  for (let place = folder; ; place = path.dirname(place)) {
    if (await stat(path.join(place, ".git")).catch(() => undefined)) return place;
    if (path.dirname(place) === place) return undefined;
  }
}

/** The pictures of the message. Throws UsageError when one is no file. */
export async function pictures(images: readonly string[]): Promise<UserInput[]> {
  return Promise.all(
    images.map(async (image) => {
      const file = path.resolve(image);
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) throw new UsageError(`--image ${image}: there is no such file.`);
      return { type: "localImage", path: file };
    }),
  );
}

/** The JSON Schema in a file. Throws UsageError when it is none. */
export async function readSchema(given: string): Promise<Record<string, unknown>> {
  const text = await readFile(given, "utf8").catch((error: Error) => {
    throw new UsageError(`--output-schema ${given} cannot be read: ${error.message}.`);
  });
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--output-schema ${given} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return schema as Record<string, unknown>;
  throw new UsageError(`--output-schema ${given}: a JSON Schema is an object.`);
}
