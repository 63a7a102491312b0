import { AgentError } from "../../protocol/errors.ts";
import type { ListedModel } from "../../protocol/methods.ts";
import type { ModelClient } from "./client.ts";
import { pickModel, traitsOf } from "./models.ts";

/** The model to use when the user has named none: the best known of those that the server lists, else the first. */
export async function chooseModel(client: ModelClient, signal: AbortSignal): Promise<string> {
  const listed = await client.listModels(signal);
  const model = pickModel(listed);
  if (!model)
    throw new AgentError("modelNotFound", "The server lists no models. Name one in the setting patchwright.model.");
  return model;
}

/** What the user may choose from. `settings` are read once the server has answered. Rejects as `ModelClient.listModels` does. */
export async function listModels(
  client: ModelClient,
  settings: () => { readonly model?: string | undefined },
  signal: AbortSignal,
): Promise<ListedModel[]> {
  const ids = await client.listModels(signal);
  const preferred = pickModel(ids, settings().model);
  return ids.map((id) => {
    const { reasoning } = traitsOf(id);
    return {
      id,
      model: id,
      displayName: id,
      description: "",
      hidden: false,
      isDefault: id === preferred,
      defaultReasoningEffort: reasoning?.defaultEffort ?? "none",
      supportedReasoningEfforts: (reasoning?.efforts ?? []).map((effort) => ({
        reasoningEffort: effort,
        description: "",
      })),
    };
  });
}
