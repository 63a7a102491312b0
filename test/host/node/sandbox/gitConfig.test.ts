import assert from "node:assert/strict";
import { test } from "node:test";
import { isPlainConfig } from "../../../../src/host/node/sandbox/gitConfig.ts";

function check(name: string, text: string, expected: boolean): void {
  test(name, () => assert.equal(isPlainConfig(text), expected));
}

const fresh = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n";
check("of a new repository", fresh, true);
check(
  "of a clone",
  `${fresh}[remote "origin"]\n\turl = https://example.org/a.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n`,
  true,
);
check("with comments, CRLF and a name", '# a\r\n; b\r\n[User]\r\n\tName = "A B"\r\n\temail = a@example.org\r\n', true);
check("of a submodule", "[core]\n\tworktree = ../../../part\n", true);
check("files anywhere else", "[core]\n\tworktree = /\n", false);
check("a file system monitor", `${fresh}\tfsmonitor = sh -c id\n`, false);
check("the same with other letters", "[CORE]\n\tFsMonitor = x\n", false);
check("hooks elsewhere", "[core]\n\thooksPath = /tmp/hooks\n", false);
check("another configuration", "[include]\n\tpath = /tmp/config\n", false);
check("another configuration for some folders", '[includeIf "gitdir:/"]\n\tpath = /tmp/config\n', false);
check("a filter", '[filter "x"]\n\tclean = id\n', false);
check("a program for differences", '[diff "x"]\n\ttextconv = id\n', false);
check("an alias", "[alias]\n\tst = !id\n", false);
check("a helper for credentials", "[credential]\n\thelper = !id\n", false);
check("a program for connections", "[core]\n\tsshCommand = id\n", false);
check("an update of a submodule", '[submodule "x"]\n\tupdate = !id\n', false);
check("an address that is a command", '[remote "origin"]\n\turl = ext::sh -c id\n', false);
check("an address that is an option", '[remote "origin"]\n\turl = --upload-pack=id\n', false);
check("a branch whose remote is an address", '[branch "main"]\n\tremote = ext::sh -c id\n', false);
check("a branch that is pushed to a folder", '[branch "main"]\n\tpushRemote = /tmp/hooks\n', false);
check("a branch of a remote", '[branch "main"]\n\tremote = my-fork.2\n\tpushRemote = "origin"\n', true);
check("a program of the other side", '[remote "origin"]\n\tuploadpack = id\n', false);
check("a key on the line of its section", "[core] fsmonitor = id\n", false);
check("a line that goes on", "[user]\n\tname = a\\\n[core]\n", false);
check("a key before any section", "fsmonitor = id\n", false);
check("the older way to name a part of a section", "[remote.origin]\n\turl = a\n", false);
check("a section that everything inherits", "[constructor]\n\tname = a\n", false);
