import type { Provider } from "../core/model/client.ts";
import { AgentError } from "../protocol/errors.ts";
import type { L10n } from "./l10n.ts";

const openai = "https://api.openai.com/v1";

export interface ProviderChoice {
  /** From the settings. */
  readonly baseUrl: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly apiKey: string | undefined;
}

/** The model server that the user chose: the setting, else the environment, else OpenAI. Throws `badRequest` when its address is none. */
export function chooseProvider({ baseUrl, environment, apiKey }: ProviderChoice, l10n: L10n): Provider {
  const address = baseUrl ?? (environment.OPENAI_BASE_URL?.trim() || openai);
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AgentError(
      "badRequest",
      l10n.t(
        '"{address}" is not the address of a model server. Correct the setting "patchwright.baseUrl" or the variable OPENAI_BASE_URL: it begins with https:// or http://.',
        { address },
      ),
    );
  }
  const name = url.hostname === "api.openai.com" ? "openai" : url.hostname;
  return { name, baseUrl: address.replace(/\/+$/, ""), apiKey };
}

/** The built-in demo model: it answers through `fetch`, so nothing is asked of any network. */
export function demoProvider(demoFetch: typeof fetch): Provider {
  return { name: "demo", baseUrl: "https://demo.invalid/v1", apiKey: "demo", fetch: demoFetch };
}
