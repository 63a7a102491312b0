import { AgentError } from "../../protocol/errors.ts";
import type { ModelClient } from "./client.ts";
import { pickModel } from "./models.ts";

/** The model to use when the user has named none: the best known of those that the server lists, else the first. */
export async function chooseModel(client: ModelClient, signal: AbortSignal): Promise<string> {
  const listed = await client.listModels(signal);
  const model = pickModel(listed);
  if (!model)
    throw new AgentError("modelNotFound", "The server lists no models. Name one in the setting patchwright.model.");
  return model;
}
