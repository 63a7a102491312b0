import { AgentError } from "../../protocol/errors.ts";

/** What the operating system refused, as the AgentError that host.ts promises. An AgentError passes through unchanged. */
export function ioError(error: unknown, path: string): AgentError {
  if (error instanceof AgentError) return error;
  const options = { cause: error };
  switch (systemCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new AgentError("notFound", `There is nothing at ${path}.`, options);
    case "ELOOP":
      return new AgentError("notFound", `${path} leads nowhere: its symbolic links go round in a circle.`, options);
    case "EEXIST":
    case "ENOTEMPTY":
      return new AgentError("alreadyExists", `${path} exists already.`, options);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new AgentError(
        "permissionDenied",
        `The operating system refuses access to ${path} (${systemCode(error)}). Check its permissions.`,
        options,
      );
    case "EISDIR":
      return new AgentError("unsupported", `${path} is a folder, not a file.`, options);
    case "ENXIO":
      return new AgentError("unsupported", `${path} is not a regular file.`, options);
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE":
      return new AgentError("invalid", `${JSON.stringify(path)} is not a possible path here.`, options);
    case "ENOSPC":
    case "EDQUOT":
      return new AgentError(
        "internal",
        `The disk is full, so ${path} cannot be written. Make room and retry.`,
        options,
      );
    default:
      return new AgentError("internal", `${path} cannot be used: ${messageOf(error)}.`, options);
  }
}

/** The code of a system error, such as "ENOENT"; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Runs `work`, with its failures told about `path`. */
export async function onPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ioError(error, path);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
