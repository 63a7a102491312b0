import * as vscode from "vscode";
import type { Provider } from "../core/model/client.ts";
import { AgentError } from "../protocol/errors.ts";
import type { ApiKey } from "./apiKey.ts";
import { readSettings } from "./configuration.ts";
import { chooseProvider, demoProvider } from "./provider.ts";
import type { Sample } from "./sample.ts";

export interface ModelChoiceOptions {
  readonly apiKey: ApiKey;
  readonly sample: Sample;
  readonly environment: NodeJS.ProcessEnv;
  readonly demoFetch: typeof fetch;
}

/** Which model answers in this window: the user's own, or in the sample workspace, until a key is entered, the demo. */
export class ModelChoice implements vscode.Disposable {
  readonly #options: ModelChoiceOptions;
  readonly #changed = new vscode.EventEmitter<"present" | "absent">();
  readonly #keyChanges: vscode.Disposable;
  /** Whether there is a key now; the demo counts as one. */
  readonly onDidChange = this.#changed.event;

  constructor(options: ModelChoiceOptions) {
    this.#options = options;
    this.#keyChanges = options.apiKey.onDidChange(() => void this.#keyChanged());
  }

  async provider(): Promise<Provider> {
    const { apiKey, sample, environment, demoFetch } = this.#options;
    if (sample.demoRuns()) return demoProvider(demoFetch);
    return chooseProvider({ baseUrl: readSettings().baseUrl, environment, apiKey: await apiKey.read() }, vscode.l10n);
  }

  get demoOffered(): boolean {
    return this.#options.sample.open;
  }

  async startDemo(): Promise<void> {
    if (!this.demoOffered) {
      const message = vscode.l10n.t("The demo works in its sample workspace only. Set an API key to work here.");
      throw new AgentError("unsupported", message);
    }
    await this.#options.sample.setDemo(true);
    this.#changed.fire("present");
  }

  dispose(): void {
    this.#keyChanges.dispose();
    this.#changed.dispose();
  }

  async #keyChanged(): Promise<void> {
    const { apiKey, sample } = this.#options;
    const present = (await apiKey.read()) !== undefined;
    if (present) await sample.setDemo(false);
    this.#changed.fire(present || sample.demoRuns() ? "present" : "absent");
  }
}
