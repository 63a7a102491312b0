import { keyProblem } from "../core/model/keyProblem.ts";
import { AgentError } from "../protocol/errors.ts";
import { KeyFile } from "./keyFile.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a key comes from. */
export type KeySource = { readonly variable: string } | { readonly file: string };

/** The key of the model server: of the environment, else of the file that `patchwright login` writes. It is never logged or shown. */
export class LocalKey {
  readonly #file: KeyFile;
  readonly #environment: Environment;

  /** `onWarning` is told when others could read the file. */
  constructor(options: { home: string; environment: Environment; onWarning: (message: string) => void }) {
    this.#file = new KeyFile(options.home, options.onWarning);
    this.#environment = options.environment;
  }

  /** Where it is kept. */
  get path(): string {
    return this.#file.path;
  }

  /** The key that counts now. Rejects as `KeyFile.read` does. */
  async read(): Promise<string | undefined> {
    const variable = this.#variable();
    return variable ? this.#environment[variable]?.trim() : this.#file.read();
  }

  /** Where the key that counts comes from; undefined when there is none. */
  async source(): Promise<KeySource | undefined> {
    const variable = this.#variable();
    if (variable) return { variable };
    return (await this.#file.read()) === undefined ? undefined : { file: this.#file.path };
  }

  /** Keeps a key in the file. Rejects with `invalid`, without a word of it, what cannot be a key. */
  async store(key: string): Promise<void> {
    const problem = keyProblem(key);
    if (problem) throw new AgentError("invalid", problem);
    await this.#file.write(key.trim());
  }

  /** Removes the file; false when there was none. What the environment has stays. */
  forget(): Promise<boolean> {
    return this.#file.remove();
  }

  /** The variable that has a key. */
  #variable(): string | undefined {
    return ["OPENAI_API_KEY", "CODEX_API_KEY"].find((name) => this.#environment[name]?.trim());
  }
}
