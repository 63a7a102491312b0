import assert from "node:assert/strict";
import { test } from "node:test";
import { changesSince, type FrozenApproval, namesIn } from "../../../src/core/policy/frozenApproval.ts";
import { Permit } from "../../../src/core/policy/permit.ts";

const PROGRAM = { path: "/usr/bin/git", realPath: "/usr/bin/git", content: "c1" };
const asked: FrozenApproval = {
  argv: ["/bin/bash", "-c", "./deploy.sh"],
  cwd: "/ws",
  rights: { confined: false, writableRoots: [], network: "on" },
  image: { realCwd: "/ws", environment: "e1", files: { "/ws/deploy.sh": "h1" }, programs: { git: PROGRAM } },
  notes: [],
};

function check(change: Partial<FrozenApproval>, expected: RegExp | undefined): void {
  const changes = changesSince(asked, { ...asked, ...change });
  assert.equal(changes.length, expected ? 1 : 0, changes.join("\n"));
  if (expected) assert.match(changes[0] ?? "", expected);
}
const image = (change: Partial<FrozenApproval["image"]>) => ({ image: { ...asked.image, ...change } });

test("nothing", () => check({}, undefined));
test("the command", () => check({ argv: ["/bin/bash", "-c", "./deploy.sh; id"] }, /another one/));
test("the same text in other words", () => check({ argv: ["/bin/bash", "-c ./deploy.sh"] }, /another one/));
test("its folder", () => check({ cwd: "/tmp" }, /another folder/));
test("where the folder leads", () => check(image({ realCwd: "/evil" }), /led to \/ws .* leads to \/evil now/));
test("its variables", () => check(image({ environment: "e2" }), /variables changed/));
test("a file", () => check(image({ files: { "/ws/deploy.sh": "h2" } }), /^\/ws\/deploy\.sh changed since/));
test("a file that is gone", () => check(image({ files: {} }), /deploy\.sh changed/));
test("a file that came", () => check(image({ files: { ...asked.image.files, "/ws/b": "h" } }), /\/ws\/b changed/));
test("a program", () =>
  check(image({ programs: { git: { ...PROGRAM, content: "c2" } } }), /^The program "git" is another one/));
test("a program that is found elsewhere", () =>
  check(image({ programs: { git: { ...PROGRAM, path: "/ws/bin/git" } } }), /"git" is another one/));
test("its rights", () => check({ rights: { ...asked.rights, confined: true } }, /What the command may do changed/));

/** Names that must be among those that a line is read to have. */
function checkNames(line: string, names: readonly string[], folders: readonly string[] = []): void {
  const found = namesIn(["/bin/bash", "-c", line]);
  for (const name of names) assert.ok(found.names.includes(name), `${name} is not among ${found.names.join(" | ")}`);
  assert.deepEqual(found.folders, folders);
}
test("a program", () => checkNames("./deploy.sh --now", ["./deploy.sh"]));
test("in single quotes", () => checkNames("'./my script' x", ["./my script"]));
test("in double quotes, with an escape", () => checkNames('"./a \\"b\\".sh"', ['./a "b".sh']));
test("with a backslash", () => checkNames("./my\\ script", ["./my script"]));
test("quoted in part", () => checkNames("./a'b c'.sh", ["./ab c.sh"]));
test("after a pipe, in a substitution and after a redirection", () =>
  checkNames("cat a.sh | $(./b.sh) < c.sh", ["a.sh", "./b.sh", "c.sh"]));
test("after an equals sign", () => checkNames("X=./a.sh node --import=./b.mjs", ["./a.sh", "./b.mjs"]));
test("in another folder", () => checkNames("cd sub && ./a.sh", ["./a.sh"], ["sub"]));
test("make", () => checkNames("make -C sub all", ["Makefile"], ["sub"]));
test("npm by its path", () => checkNames("/usr/bin/npm test", ["package.json"]));
test("a script within a script", () => checkNames("bash -c './inner.sh'", ["./inner.sh"]));

test("a permit is good for one run", () => {
  const permit = new Permit({ advice: "x" });
  assert.equal(permit.use().advice, "x");
  assert.throws(() => permit.use(), /has run already/);
});
