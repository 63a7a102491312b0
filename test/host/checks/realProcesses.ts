import { equal, until } from "../expect.ts";
import type { HostCheck, HostFixture } from "../fixture.ts";
import { command, finish, output, start } from "./running.ts";

/** What only a real operating system can show. */
export const realProcessChecks: readonly HostCheck[] = [
  prints(
    "decodes a character that comes in parts",
    "printf '\\342'; sleep 0.03; printf '\\202'; sleep 0.03; printf '\\254'",
    "€",
  ),
  prints("shows bytes that are no text", "printf 'a\\377b\\342'", "a\uFFFDb\uFFFD"),
  prints("closes standard input", "cat; echo end", "end\n"),
  prints(
    "lets a script open its standard error by name",
    "echo x > /dev/stderr; echo y | tee /dev/stdout",
    "x\ny\ny\n",
  ),
  prints(
    "keeps the order of many lines",
    'for i in 1 2 3; do echo "o$i"; echo "e$i" >&2; done',
    "o1\ne1\no2\ne2\no3\ne3\n",
  ),
  prints("does not wait for what it leaves in the background", "sleep 60 & echo done", "done\n"),
  prints("sets a plain terminal and no pager", 'echo "$TERM $PAGER $GIT_PAGER $NO_COLOR"', "dumb cat cat 1\n"),
  check("tells the signal that ended it", async (fixture) => {
    equal((await finish(await start(fixture, "kill -9 $$"))).exit, { code: null, signal: "SIGKILL" });
  }),
  check("passes words to a program as they are", async (fixture) => {
    const words = ["a b", "'", '"', "$HOME", "`id`", "; exit 9", "", "--", "ü\n"];
    for (const tty of [false, true]) {
      const argv = ["/bin/sh", "-c", 'for word; do printf "[%s]" "$word"; done', "sh", ...words] as const;
      const running = await fixture.host.processes.spawn({ ...command(fixture, ""), argv, tty }, fixture.signal);
      const { text, exit } = await finish(running);
      equal(text.replaceAll("\r\n", "\n"), words.map((word) => `[${word}]`).join(""));
      equal(exit.code, 0);
    }
  }),
  check("gives a terminal when asked", async (fixture) => {
    const script =
      'test -t 0 && test -t 1 && test -t 2 && stty size && env | grep -c "PATCHWRIGHT_WORD\\|PATCHWRIGHT_SHELL"; exit 4';
    equal(await finish(await start(fixture, script, "tty")), {
      text: "24 120\r\n0\r\n",
      exit: { code: 4, signal: null },
    });
  }),
  check("kills what ignores being asked", async (fixture) => {
    await killsAll(fixture, "trap '' TERM HUP INT; echo $$ > pid; echo ready; while :; do sleep 1; done");
  }),
  check("kills children, also in a session of their own", async (fixture) => {
    await killsAll(fixture, "setsid sh -c 'echo $$ > pid; echo ready; exec sleep 60' & wait");
  }),
  check("kills a daemon that left its parent", async (fixture) => {
    await killsAll(fixture, "(setsid sh -c 'echo $$ > pid; echo ready; exec sleep 60' &); sleep 60");
  }),
  check("kills what runs in a terminal", async (fixture) => {
    await killsAll(fixture, "trap '' TERM HUP; echo $$ > pid; echo ready; while :; do sleep 1; done", "tty");
  }),
  check("asks a stopped process too, before it uses force", async (fixture) => {
    const { join, exists } = fixture;
    await killsAll(fixture, "trap 'echo > asked; exit 1' TERM; echo $$ > pid; echo ready; kill -STOP $$; sleep 60");
    equal(await exists(join("asked")), true);
  }),
  check("types into a terminal what ends its input", async (fixture) => {
    const running = await start(fixture, "echo ready; cat; echo end", "tty");
    const said = await output(running, "ready");
    await running.write("x\u0004\u0004");
    await running.exited;
    equal(said().replaceAll("\r\n", "\n").includes("end\n"), true, said());
  }),
];

function check(name: string, run: (fixture: HostFixture) => Promise<void>): HostCheck {
  return { name: `process: ${name}`, needs: ["realProcesses"], run };
}

function prints(name: string, script: string, text: string): HostCheck {
  return check(name, async (fixture) => {
    equal((await finish(await start(fixture, script))).text, text);
  });
}

/** The script writes a process id into the file "pid" and then prints "ready"; that process must be gone within 2 s of the kill. */
async function killsAll(fixture: HostFixture, script: string, terminal?: "tty"): Promise<void> {
  const running = await start(fixture, script, terminal);
  await output(running, "ready");
  const pid = new TextDecoder().decode(await fixture.readBytes(fixture.join("pid"))).trim();
  const began = performance.now();
  await running.kill();
  const took = performance.now() - began;
  equal(took < 2000, true, `took ${Math.round(took)} ms`);
  await until(
    `process ${pid} is gone`,
    async () => (await finish(await start(fixture, `ps -o stat= -p ${pid} | grep -v Z`))).text === "",
  );
  equal((await running.exited).code === 0, false);
}
