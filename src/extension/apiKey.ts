import * as vscode from "vscode";
import { keyProblem } from "../core/model/keyProblem.ts";
import { AgentError } from "../protocol/errors.ts";
import { notices } from "./notices.ts";

const secretName = "patchwright.apiKey";

/** The key of the model server: in the editor's secret storage, else OPENAI_API_KEY of the environment. It is never logged or shown. */
export class ApiKey {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly onDidChange: vscode.Event<void>;
  /** Resolves when the editor keeps, or has forgotten, what the user said last: it may take its time, as while it asks to unlock a keyring. */
  #changed: Promise<void> = Promise.resolve();

  constructor(secrets: vscode.SecretStorage, environment: Readonly<Record<string, string | undefined>>) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.onDidChange = (listener, self, disposables) =>
      secrets.onDidChange(({ key }) => key === secretName && listener.call(self), undefined, disposables);
  }

  /** As the user said last. */
  async read(): Promise<string | undefined> {
    await this.#changed;
    return (await this.#secrets.get(secretName)) || this.#environment.OPENAI_API_KEY?.trim() || undefined;
  }

  /** Asks for the key and keeps it; false when the user backs out. */
  async enter(): Promise<boolean> {
    const key = await vscode.window.showInputBox({
      title: vscode.l10n.t("Patchwright: API Key"),
      prompt: vscode.l10n.t("It is kept in the secret storage of VS Code and sent to your model server only."),
      placeHolder: "sk-…",
      password: true,
      ignoreFocusOut: true,
      validateInput: keyProblem,
    });
    if (key === undefined) return false;
    await this.store(key);
    return true;
  }

  /** Rejects with `invalid`, without a word of it, what cannot be a key. */
  async store(key: string): Promise<void> {
    const problem = keyProblem(key);
    if (problem) throw new AgentError("invalid", problem);
    await this.#change(() => this.#secrets.store(secretName, key.trim()));
  }

  /** Forgets the stored key; says so when the environment still has one. */
  async remove(): Promise<void> {
    await this.#change(() => this.#secrets.delete(secretName));
    const left = this.#environment.OPENAI_API_KEY?.trim();
    notices.inform(
      left
        ? vscode.l10n.t("The stored API key was removed. Patchwright now uses OPENAI_API_KEY of the environment.")
        : vscode.l10n.t("The API key was removed."),
    );
  }

  #change(work: () => Thenable<void>): Promise<void> {
    const done = this.#changed.then(work);
    this.#changed = done.catch(() => {});
    return done;
  }
}
