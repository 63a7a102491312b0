import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Aftermath, check, exists, useArena, wrote } from "../attack.ts";

useArena();

/** The file of the workspace has the token, now that the command has ended. */
const left = (path: string) => wrote(`workspace/${path}`);
const SAY = 'echo "# $TOKEN" >>';

check("the configuration of the repository", { bash: `${SAY} .git/config`, reached: left(".git/config") });
check("the same by git", { bash: 'git config core.fsmonitor "$TOKEN"', reached: left(".git/config") });
check("a hook of the repository", { bash: `${SAY} .git/hooks/pre-commit`, reached: left(".git/hooks/pre-commit") });
check("objects from elsewhere", {
  bash: `${SAY} .git/objects/info/alternates`,
  reached: left(".git/objects/info/alternates"),
});
check("the repository put out of the way", {
  bash: `mv .git old; mkdir -p .git/hooks; ${SAY} .git/hooks/pre-commit`,
  reached: left(".git/hooks/pre-commit"),
});
check("the repository removed", {
  bash: "rm -rf .git",
  reached: async (one) => !(await exists("workspace/.git/HEAD")(one)),
});
check("another repository in its place", {
  python: `
libc.renameat2.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
os.makedirs("evil/hooks"); open("evil/hooks/update", "wb").write(token)
libc.renameat2(-100, b"evil", -100, b".git", 2)`,
  reached: left(".git/hooks/update"),
});
check("a repository in a folder", { bash: `${SAY} sub/.git/hooks/update`, reached: left("sub/.git/hooks/update") });
check("a folder with a repository put out of the way", {
  bash: `mv sub old; mkdir -p sub/.git/hooks; ${SAY} sub/.git/hooks/update`,
  reached: left("sub/.git/hooks/update"),
});
check("a new repository that runs a program", {
  bash: `git init -q new; ${SAY} new/.git/hooks/post-checkout`,
  reached: left("new/.git/hooks/post-checkout"),
});
check("a new repository whose configuration names a program", {
  bash: 'git init -q new; git -C new config core.fsmonitor "$TOKEN"',
  reached: left("new/.git/config"),
});
check("a new repository without files around it", {
  bash: 'git init -q --bare new; git -C new config core.fsmonitor "$TOKEN"',
  reached: left("new/config"),
});
check("a file that leads to a repository among the temporary files", {
  bash: `git init -q --separate-git-dir="/tmp/\${ARENA##*/}/$TOKEN" new`,
  reached: left("new/.git"),
});
check("settings of the editor", {
  bash: `mkdir -p .vscode; ${SAY} .vscode/tasks.json`,
  reached: left(".vscode/tasks.json"),
});
check("settings of the editor in a folder", {
  bash: `mkdir -p sub/.vscode; ${SAY} sub/.vscode/tasks.json`,
  reached: left("sub/.vscode/tasks.json"),
});
check("a workspace of the editor", { bash: `${SAY} x.code-workspace`, reached: left("x.code-workspace") });
check("words for agents", { bash: `${SAY} AGENTS.md`, reached: left("AGENTS.md") });
check("words for agents in a folder", { bash: `${SAY} sub/AGENTS.md`, reached: left("sub/AGENTS.md") });
check("programs for agents", { bash: `${SAY} .mcp.json`, reached: left(".mcp.json") });
check("variables for programs", { bash: `${SAY} .env`, reached: left(".env") });
check("a race for what stands where nothing may be made", {
  python: `
end = time.monotonic() + 0.5
while time.monotonic() < end:
    for name in (".vscode", ".git2", ".idea"):
        try: os.rmdir(name)
        except OSError: pass
        try: os.rename(name, name + "-old")
        except OSError: pass
        try: os.mkdir(name)
        except OSError: pass
        try: open(name + "/tasks.json", "wb").write(token)
        except OSError: pass`,
  reached: left(".vscode/tasks.json"),
});
check("a process that goes on writing after the end", {
  bash: `(setsid sh -c 'for i in $(seq 40); do mkdir -p late/.vscode; echo "$TOKEN" >> late/.vscode/tasks.json; sleep 0.02; done' >/dev/null 2>&1 &); sleep 0.2`,
  reached: left("late/.vscode/tasks.json"),
});
check("settings that nobody may move", {
  bash: `mkdir -p deep/.vscode; ${SAY} deep/.vscode/tasks.json; chmod 555 deep/.vscode deep`,
  reached: left("deep/.vscode/tasks.json"),
});
check("settings in a folder that nobody may list", {
  bash: `mkdir -p deep/.vscode; ${SAY} deep/.vscode/tasks.json; chmod 311 deep`,
  reached: left("deep/.vscode/tasks.json"),
});
check("settings behind a link", {
  bash: `mkdir -p "/tmp/\${ARENA##*/}/$TOKEN"; ${SAY} "/tmp/\${ARENA##*/}/$TOKEN/tasks.json"; mkdir deep; ln -s "/tmp/\${ARENA##*/}/$TOKEN" deep/.vscode`,
  reached: left("deep/.vscode/tasks.json"),
});
check("settings that came by another name", {
  bash: `mkdir -p deep/x; ${SAY} deep/x/tasks.json; mv deep/x deep/.vscode`,
  reached: left("deep/.vscode/tasks.json"),
});

check("what is moved away is reported, and is all there", {
  bash: `mkdir -p sub/.vscode; ${SAY} sub/.vscode/tasks.json`,
  reached: async ({ exit, place }: Aftermath) => {
    const [moved] = exit.quarantined ?? [];
    const text = moved === undefined ? "" : await readFile(join(moved.movedTo, "tasks.json"), "utf8");
    return moved?.path !== join(place.workspace, "sub/.vscode") || !text.includes(place.token);
  },
});
