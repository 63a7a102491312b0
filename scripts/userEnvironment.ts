import path from "node:path";

/**
 * The environment as the user's own shell has it: without what npm put in to start this script, so that commands in the workspace run
 * with the user's programs, and without what ties a process to an editor or a test around it.
 */
export function userEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/i;
  const own = Object.entries(env).filter(([name]) => !foreign.test(name));
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => !/node_modules|node-gyp-bin/.test(folder));
  return { ...Object.fromEntries(own), PATH: folders.join(path.delimiter) };
}
