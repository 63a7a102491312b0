import type { Command, RunningProcess } from "../../../src/host/processes.ts";
import { bytesOf, equal, rejects, until } from "../expect.ts";
import { type HostCheck, type HostFixture, stopped } from "../fixture.ts";

/** What the checks run: shell lines for a real host, names for the table of the memory host. */
export const programs = {
  prints: "printf 'one\\n'; printf 'two\\n' >&2; printf 'three\\n'",
  fails: "echo no; exit 3",
  stays: "echo ready; while :; do sleep 1; done",
  cwd: "pwd",
  variable: 'printf %s "$ADDED"',
  asks: 'printf "name? "; read name; echo "hello $name"',
} as const;

const nothing = { paths: [], programs: [] };

export const runningChecks: readonly HostCheck[] = [
  check("delivers all output in order, standard error too", async (fixture) => {
    const { text, exit } = await finish(await start(fixture, programs.prints));
    equal({ text, exit }, { text: "one\ntwo\nthree\n", exit: { code: 0, signal: null } });
  }),
  check("delivers to a late listener what came before it", async (fixture) => {
    const running = await start(fixture, programs.prints);
    await running.exited;
    const texts: string[] = [];
    running.onOutput((text) => void texts.push(text));
    equal(texts.join(""), "one\ntwo\nthree\n");
  }),
  check("tells the exit code", async (fixture) => {
    equal(await finish(await start(fixture, programs.fails)), { text: "no\n", exit: { code: 3, signal: null } });
  }),
  check("runs in the given folder", async (fixture) => {
    const cwd = fixture.join("sub");
    await fixture.makeFolder(cwd);
    const running = await fixture.host.processes.spawn({ ...command(fixture, programs.cwd), cwd }, fixture.signal);
    equal((await finish(running)).text, `${cwd}\n`);
  }),
  check("passes the given variables", async (fixture) => {
    const env = { ADDED: "a 'b' \"c\" $d\n" };
    const running = await fixture.host.processes.spawn({ ...command(fixture, programs.variable), env }, fixture.signal);
    equal((await finish(running)).text, env.ADDED);
  }),
  check("tells where a command would run, and what its files hold", async (fixture) => {
    const [path, absent] = [fixture.join("a.sh"), fixture.join("absent.sh")];
    await fixture.writeBytes(path, bytesOf("one"));
    const paths = [path, absent, fixture.root];
    const image = () => fixture.host.processes.imageOf(command(fixture, programs.prints), { paths, programs: [] });
    const first = await image();
    equal(first.realCwd, fixture.root);
    equal(Object.keys(first.files), [path]);
    equal(await image(), first);
    await fixture.writeBytes(path, bytesOf("two"));
    const second = await image();
    equal(second.files[path] === first.files[path], false, "the file changed");
    equal(second.environment, first.environment);
  }),
  check("tells the command's own variables apart", async (fixture) => {
    if (fixture.modes === undefined) return;
    const plain = command(fixture, programs.prints);
    const first = await fixture.host.processes.imageOf(plain, nothing);
    const second = await fixture.host.processes.imageOf({ ...plain, env: { ADDED: "1" } }, nothing);
    equal(first.environment === second.environment, false);
  }),
  check("has no image of a command without its folder", async (fixture) => {
    if (fixture.modes === undefined) return;
    const cwd = fixture.join("nowhere");
    await rejects("notFound", () =>
      fixture.host.processes.imageOf({ ...command(fixture, programs.prints), cwd }, nothing),
    );
  }),
  check("kills", async (fixture) => {
    const running = await start(fixture, programs.stays);
    await output(running, "ready");
    await running.kill();
    equal((await running.exited).code, null);
    equal(typeof (await running.exited).signal, "string");
    await running.kill();
  }),
  check("kills when the signal is aborted", async (fixture) => {
    const controller = new AbortController();
    const running = await fixture.host.processes.spawn(command(fixture, programs.stays), controller.signal);
    await output(running, "ready");
    controller.abort();
    equal((await running.exited).code, null);
  }),
  check("starts nothing once aborted", async (fixture) => {
    await rejects("aborted", () => fixture.host.processes.spawn(command(fixture, programs.prints), stopped()));
  }),
  check("says that the program is missing", async (fixture) => {
    for (const tty of [false, true]) {
      const missing = { ...command(fixture, ""), argv: ["no-such-program"], tty } as const;
      await rejects("notFound", () => fixture.host.processes.spawn(missing, fixture.signal));
    }
  }),
  check("says that the folder is missing", async (fixture) => {
    const missing = { ...command(fixture, programs.prints), cwd: fixture.join("none") };
    await rejects("notFound", () => fixture.host.processes.spawn(missing, fixture.signal));
    await fixture.writeBytes(fixture.join("file"), bytesOf(""));
    const noFolder = { ...missing, cwd: fixture.join("file") };
    await rejects("notFound", () => fixture.host.processes.spawn(noFolder, fixture.signal));
  }),
  check("types into a terminal", async (fixture) => {
    const running = await start(fixture, programs.asks, "tty");
    const said = await output(running, "name? ");
    await running.write("Ada\n");
    equal((await running.exited).code, 0);
    equal(said().endsWith("hello Ada\r\n"), true, JSON.stringify(said()));
  }),
  check("refuses to type where there is no terminal, or no process any more", async (fixture) => {
    const piped = await start(fixture, programs.stays);
    await rejects("unsupported", () => piped.write("x"));
    await piped.kill();
    const ended = await start(fixture, programs.prints, "tty");
    await ended.exited;
    await rejects("notFound", () => ended.write("x"));
  }),
];

function check(name: string, run: (fixture: HostFixture) => Promise<void>): HostCheck {
  return { name: `process: ${name}`, run };
}

export function command({ root, program }: HostFixture, script: string): Command {
  return { argv: program(script), cwd: root, tty: false, itemId: "item", title: script };
}

export function start(fixture: HostFixture, script: string, terminal?: "tty"): Promise<RunningProcess> {
  const tty = terminal === "tty";
  return fixture.host.processes.spawn({ ...command(fixture, script), tty }, fixture.signal);
}

/** All it prints, and how it ended. */
export async function finish(running: RunningProcess) {
  let text = "";
  running.onOutput((more) => {
    text += more;
  });
  const exit = await running.exited;
  return { text, exit };
}

/** Waits until the process has printed something; then says what it has printed, whenever asked. */
export async function output(running: RunningProcess, part: string): Promise<() => string> {
  let text = "";
  running.onOutput((more) => {
    text += more;
  });
  await until(`it prints ${JSON.stringify(part)}`, () => text.includes(part));
  return () => text;
}
