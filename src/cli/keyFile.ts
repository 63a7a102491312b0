import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import * as z from "zod";
import { parseJson } from "../core/store/parseJson.ts";
import { onPath } from "../host/node/errors.ts";
import { formatProcess, isOver, ownProcess, parseProcess } from "../host/node/processName.ts";
import { isAbsent } from "../host/node/read.ts";
import { AgentError } from "../protocol/errors.ts";

const NAME = "auth.json";
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Group and others. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** How a file is called until it takes the place of the other: after this comes the process that writes it. */
const WRITTEN = `.${NAME}~`;
/** Of a process that only another machine can know about, what is older is left over. */
const WRITING_MS = 60_000;
/** More is no key. */
const MAX_BYTES = 64 * 1024;

const content = z.object({ OPENAI_API_KEY: z.string() });

/**
 * The API key in a file of the private store that only its user may read. What others could read is closed again, and said; what others could
 * have written, a link, or a file of somebody else is refused, since nobody knows whose key is in there.
 */
export class KeyFile {
  readonly path: string;
  readonly #folder: string;
  readonly #onWarning: (message: string) => void;

  constructor(folder: string, onWarning: (message: string) => void) {
    this.path = join(folder, NAME);
    this.#folder = folder;
    this.#onWarning = onWarning;
  }

  /** The key; undefined when there is none. Rejects with `permissionDenied` for a file that is refused, `invalid` for one that holds no key. */
  async read(): Promise<string | undefined> {
    return onPath(this.path, async () => {
      await this.#removeLeftovers();
      const there = await lstat(this.path).catch(absent);
      if (!there) return undefined;
      if (there.isSymbolicLink()) throw this.#refused("is a link, and the key is kept in a file of its own");
      await this.#checkFolder();
      const handle = await open(this.path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        await this.#checkFile(handle);
        return this.#keyIn((await handle.readFile("utf8")).slice(0, MAX_BYTES));
      } finally {
        await handle.close();
      }
    });
  }

  /** Replaces the file. Nobody but its user may read it at any moment. Resolves when it is on disk. */
  async write(key: string): Promise<void> {
    await onPath(this.path, async () => {
      await mkdir(this.#folder, { recursive: true, mode: FOLDER_MODE });
      await this.#closeFolder();
      await this.#removeLeftovers();
      const temporary = join(this.#folder, `${WRITTEN}${formatProcess(ownProcess())}~${randomUUID()}`);
      try {
        const handle = await open(temporary, "wx", FILE_MODE);
        try {
          // A umask may have taken rights away, and never adds any.
          await handle.chmod(FILE_MODE);
          await handle.writeFile(`${JSON.stringify({ OPENAI_API_KEY: key })}\n`);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, this.path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  /** False when there was none. */
  async remove(): Promise<boolean> {
    return onPath(this.path, async () => {
      await this.#removeLeftovers();
      if (!(await lstat(this.path).catch(absent))) return false;
      await rm(this.path);
      return true;
    });
  }

  /** What processes have left here that were killed while they wrote: it holds keys. Never rejects. */
  async #removeLeftovers(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(WRITTEN))) {
      const path = join(this.#folder, name);
      if (await isLeftOver(name, path).catch(() => false)) await rm(path, { force: true }).catch(() => {});
    }
  }

  async #checkFolder(): Promise<void> {
    if (process.platform === "win32") return;
    const folder = await stat(this.#folder);
    if (isForeign(folder) || (folder.mode & OTHERS_WRITE) !== 0) {
      const why = "lies in a folder that others may write to, so it may be theirs";
      throw this.#refused(`${why}. Close the folder with: chmod 700 ${this.#folder}`);
    }
    await this.#closeFolder();
  }

  async #closeFolder(): Promise<void> {
    if (process.platform === "win32" || ((await stat(this.#folder)).mode & OTHERS) === 0) return;
    await chmod(this.#folder, FOLDER_MODE);
    this.#onWarning(`Others could look into ${this.#folder}. It is closed now (chmod 700).`);
  }

  async #checkFile(handle: FileHandle): Promise<void> {
    const file = await handle.stat();
    if (!file.isFile()) throw this.#refused("is not a file");
    if (process.platform === "win32") return;
    if (isForeign(file)) throw this.#refused("belongs to another user");
    if ((file.mode & OTHERS_WRITE) !== 0) throw this.#refused("could be written by others, so its key may be theirs");
    if ((file.mode & OTHERS) === 0) return;
    await handle.chmod(FILE_MODE);
    this.#onWarning(
      `${this.path} could be read by other users of this machine. It is closed now (chmod 600); if there are any, replace the key.`,
    );
  }

  #keyIn(text: string): string {
    const parsed = content.safeParse(parseJson(text));
    if (parsed.success && parsed.data.OPENAI_API_KEY.trim() !== "") return parsed.data.OPENAI_API_KEY.trim();
    throw new AgentError("invalid", `${this.path} holds no API key. Set one with: patchwright login`);
  }

  #refused(why: string): AgentError {
    const remedy = "Then set the key anew with: patchwright login";
    return new AgentError("permissionDenied", `${this.path} is not used: it ${why}. ${remedy}`);
  }
}

async function isLeftOver(name: string, path: string): Promise<boolean> {
  const writer = parseProcess(name.slice(WRITTEN.length).split("~")[0] ?? "");
  const over = writer ? isOver(writer) : "unknown";
  return over === "unknown" ? Date.now() - (await lstat(path)).mtimeMs > WRITING_MS : over;
}

function isForeign({ uid }: Stats): boolean {
  return uid !== process.getuid?.();
}

function absent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
  return undefined;
}
