import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { programEnvironment } from "./environment.ts";
import type { LastingMark } from "./mark.ts";
import type { OperatingSystem } from "./platform.ts";

/** How often a watcher that was ended is replaced at once; after that, the next command starts one. */
const MOST_REPLACED = 5;

/** A process of its own that outlives this one by a moment, to end the commands that a killed host leaves behind. */
export interface Watcher {
  /** Starts watching, unless it goes on already. To be called before a command starts, so that none is ever unwatched. */
  start(): void;
  add(pid: number): void;
  /** A command has ended. Processes that it left in the background are still found by the mark. */
  remove(pid: number): void;
  /** Lets the watcher go, which ends whatever is left. */
  dispose(): void;
}

export interface WatcherOptions {
  readonly os: OperatingSystem;
  /** What every command of this host is known by. */
  readonly mark: LastingMark;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** The watcher reads process ids from its standard input, which ends with this process, however that ends. */
export function createWatcher({ os, mark, onWarning }: WatcherOptions): Watcher {
  const running = new Set<number>();
  let child: ChildProcess | undefined;
  let warned = false;
  let replaced = 0;

  function lost(one: ChildProcess | undefined, reason: string): void {
    if (child !== one) return;
    child = undefined;
    if (!warned) onWarning?.(`Commands could outlive a crash of this program, since their watcher ${reason}.`);
    warned = true;
  }

  function launch(): ChildProcess | undefined {
    try {
      const started = spawn(process.execPath, ["-e", `(${watchHost})(${JSON.stringify({ os, ...mark })})`], {
        detached: true,
        // It does not keep a folder of the user's busy.
        cwd: dirname(process.execPath),
        stdio: ["pipe", "ignore", "ignore"],
        windowsHide: true,
        env: { ...programEnvironment(process.env), ELECTRON_RUN_AS_NODE: "1" },
      });
      started.on("error", (error) => lost(started, `does not start: ${error.message}`));
      started.on("exit", (code, signal) => {
        if (child !== started) return;
        lost(started, `ended with ${signal ?? code}`);
        // Commands go on, and what they left behind does: they stay watched.
        if (replaced++ < MOST_REPLACED) child = launch();
      });
      started.stdin.on("error", () => undefined);
      // Watching must not keep this process alive.
      started.unref();
      if (started.stdin instanceof Socket) started.stdin.unref();
      for (const pid of running) started.stdin.write(`+${pid}\n`);
      return started;
    } catch (error) {
      lost(undefined, `does not start: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  return {
    start() {
      child ??= launch();
    },
    add(pid) {
      running.add(pid);
      child?.stdin?.write(`+${pid}\n`);
    },
    remove(pid) {
      running.delete(pid);
      child?.stdin?.write(`-${pid}\n`);
    },
    dispose() {
      const ending = child;
      child = undefined;
      ending?.stdin?.end();
    },
  };
}

/**
 * The whole program of the watcher. It is handed over as its source text, so that no file of it need be found from inside a bundle. So it may use
 * nothing from outside its own body, and no named functions in it: a bundler that keeps names would wrap those in a function of its own.
 */
function watchHost({ os, variable, locks }: { os: string; variable: string; locks: string }): void {
  const fs = process.getBuiltinModule("node:fs");
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  const commands = new Set<number>();
  /** What is to be killed as a group. */
  const groups = new Set<number>();
  let unread = "";

  const watcher = {
    read(chunk: string): void {
      const lines = (unread + chunk).split("\n");
      unread = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("+")) commands.add(Number(line.slice(1)));
        else commands.delete(Number(line.slice(1)));
      }
    },

    /**
     * Kills until nothing is left, for 4 s at most: a process may fork while it is being found. Looks for 300 ms at least: one that the host had
     * forked for a command, and that had not become it when the host was killed, carries nothing yet.
     */
    end(attempt: number): void {
      if (os === "windows") {
        for (const pid of commands) watcher.attempt(() => execFileSync("taskkill.exe", ["/PID", `${pid}`, "/T", "/F"]));
        return;
      }
      for (const pid of commands) groups.add(pid);
      const chosen = watcher.find();
      for (const pid of chosen) watcher.send(pid, "SIGKILL");
      for (const group of groups) watcher.send(-group, "SIGKILL");
      commands.clear();
      groups.clear();
      if ((chosen.size > 0 || attempt < 30) && attempt < 400) setTimeout(() => watcher.end(attempt + 1), 10);
    },

    /** The commands that still run, what carries the mark, and all their descendants. */
    find(): Set<number> {
      const all = os === "linux" ? watcher.listProc() : watcher.listPs();
      const chosen = new Set(all.filter((one) => commands.has(one.pid) || one.marked).map((one) => one.pid));
      for (let size = -1; size !== chosen.size; ) {
        size = chosen.size;
        for (const one of all) if (chosen.has(one.parent)) chosen.add(one.pid);
      }
      chosen.delete(process.pid);
      return chosen;
    },

    /** Halts what carries the mark on sight, with its group, which no member leaves by forking; but keeps it as the parent that it is. */
    listProc(): { pid: number; parent: number; marked: boolean }[] {
      return fs.readdirSync("/proc").flatMap((name) => {
        const stat = watcher.text(`/proc/${name}/stat`);
        const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (stat === "" || Number.isNaN(Number(name)) || state === "Z" || state === "X") return [];
        const own = /^Max file locks +(\d{18}) /m.exec(watcher.text(`/proc/${name}/limits`))?.[1] ?? "";
        const marked = own.startsWith(locks) || watcher.text(`/proc/${name}/environ`).includes(variable);
        if (marked && Number(name) !== process.pid) {
          watcher.send(Number(name), "SIGSTOP");
          if (Number(group) > 1) groups.add(Number(group));
          if (Number(group) > 1) watcher.send(-Number(group), "SIGSTOP");
        }
        return [{ pid: Number(name), parent: Number(parent), marked }];
      });
    },

    listPs(): { pid: number; parent: number; marked: boolean }[] {
      try {
        const args = ["-A", "-E", "-ww", "-o", "pid=,ppid=,command="];
        const lines = execFileSync("ps", args, { maxBuffer: 2 ** 26, encoding: "latin1" }).split("\n");
        return lines.map((text) => ({
          pid: Number.parseInt(text, 10),
          parent: Number(text.trim().split(/\s+/)[1]),
          marked: text.includes(variable),
        }));
      } catch {
        return [];
      }
    },

    /** Empty when the file may not be read, or its process has ended. */
    text(path: string): string {
      try {
        return fs.readFileSync(path, "latin1");
      } catch {
        return "";
      }
    },

    attempt(work: () => unknown): void {
      try {
        work();
      } catch {
        // It has ended meanwhile.
      }
    },

    send(target: number, signal: string): void {
      watcher.attempt(() => process.kill(target, signal));
    },
  };

  process.stdin.setEncoding("latin1");
  process.stdin.on("data", (chunk) => watcher.read(String(chunk)));
  process.stdin.on("close", () => watcher.end(0));
}
