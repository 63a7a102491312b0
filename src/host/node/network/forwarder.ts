import type { Socket } from "node:net";

/**
 * What is started before a command whose network is the proxy alone: a program that runs the words after it as the command and leads its
 * connections to the descriptor `link`.
 */
export function forwarderPrefix(link: number): string[] {
  return [process.execPath, "-e", `(${forwarder})(${JSON.stringify({ link })})`, "--"];
}

/** What the forwarder itself needs in its environment; the command does not get it. */
export const forwarderEnvironment = { ELECTRON_RUN_AS_NODE: "1" } as const;

/**
 * The whole program of the forwarder, which listens on the sandbox's own loopback. Like the watcher it is handed over as its source text: it may
 * use nothing from outside its own body, and no named functions in it. It ends when the command ends, as the command did. The command shares its
 * terminal and its process group, so it gets every signal itself: the forwarder only must not end before it.
 */
function forwarder({ link }: { link: number }): void {
  const net = process.getBuiltinModule("node:net");
  const http2 = process.getBuiltinModule("node:http2");
  const { constants } = process.getBuiltinModule("node:os");
  const { spawn } = process.getBuiltinModule("node:child_process");
  const channel = new net.Socket({ fd: link, readable: true, writable: true });
  const session = http2.connect("http://proxy", {
    createConnection() {
      return channel;
    },
  });

  const program = {
    accept(connection: Socket): void {
      connection.on("error", () => connection.destroy());
      if (session.destroyed || session.closed) {
        connection.destroy();
        return;
      }
      const stream = session.request({ ":method": "CONNECT", ":authority": "proxy" });
      stream.on("error", () => connection.destroy());
      stream.on("close", () => {
        if (!stream.readableEnded || stream.rstCode !== 0) connection.destroy();
      });
      connection.on("close", () => {
        const ended = connection.readableEnded && connection.writableFinished;
        if (!ended) stream.close(http2.constants.NGHTTP2_CANCEL);
      });
      connection.pipe(stream);
      stream.pipe(connection);
    },

    environment(port: number): NodeJS.ProcessEnv {
      const env: NodeJS.ProcessEnv = { ...process.env, NODE_USE_ENV_PROXY: "1" };
      delete env.ELECTRON_RUN_AS_NODE;
      const proxy = `http://127.0.0.1:${port}`;
      for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
        env[name] = proxy;
        env[name.toLowerCase()] = proxy;
      }
      for (const name of ["npm_config_proxy", "npm_config_https_proxy"]) env[name] = proxy;
      for (const name of ["NO_PROXY", "no_proxy", "npm_config_noproxy"]) env[name] = "localhost,127.0.0.1,::1";
      return env;
    },

    run(port: number): void {
      const [command = "", ...args] = process.argv.slice(1);
      const child = spawn(command, args, { stdio: "inherit", env: program.environment(port) });
      child.on("error", (error: NodeJS.ErrnoException) => {
        process.stderr.write(`${command} cannot be started: ${error.code ?? error.message}\n`);
        process.exit(error.code === "ENOENT" ? 127 : 126);
      });
      child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    },
  };

  session.on("error", () => session.destroy());
  channel.on("error", () => session.destroy());
  for (const signal of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  const server = net.createServer({ allowHalfOpen: true }, (connection) => program.accept(connection));
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") program.run(address.port);
  });
}
