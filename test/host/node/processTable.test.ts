import assert from "node:assert/strict";
import { test } from "node:test";
import { type ProcessEntry, parseProcessList, selectTree } from "../../../src/host/node/processTable.ts";

const mark = { variable: "ID=host:7", locks: "123456789000000007" };

/** Processes as "pid parent group environment", the environment with its limit on locks after an @ where that is shown. */
function check(table: readonly string[], leader: "running" | "ended", expected: readonly number[]) {
  const entries: readonly ProcessEntry[] = table.map((row) => {
    const [, pid, parent, group, environment = "", locks = ""] =
      /^(\d+) (\d+) (\d+)(?: ([^@]*))?(?:@(.*))?$/.exec(row) ?? [];
    return { pid: Number(pid), parent: Number(parent), group: Number(group), environment, locks };
  });
  assert.deepEqual(selectTree(entries, { pid: 50, leader, mark }), expected);
}

test("takes the process and its group", () => check(["1 0 1", "50 9 50", "51 50 50"], "running", [50, 51]));
test("takes a member of the group whose parent is gone", () => check(["51 1 50"], "ended", [51]));
test("takes descendants in other groups", () => check(["50 9 50", "60 50 60", "61 60 61"], "running", [50, 60, 61]));
test("takes what carries the marker", () =>
  check(["70 1 70 A=b\0ID=host:7\0C=d", "71 1 71 ID=host:7"], "ended", [70, 71]));
test("leaves another command's processes", () => check(["70 1 70 ID=host:71\0", "71 1 71 ID=host:8"], "ended", []));
test("leaves strangers that got the process's number", () => check(["50 1 50", "51 50 50"], "ended", []));
test("leaves a stranger's group that got the number, where marks last", () =>
  check(["51 1 50 @unlimited", "52 1 50 @123456789000000007"], "ended", [52]));
test("takes what carries only the mark that lasts", () =>
  check(["70 1 70 @123456789000000007", "71 1 71 @123456789000000070", "72 1 72 @unlimited"], "ended", [70]));
test("takes what a host within the command started", () =>
  check(["70 1 70 ID=host:7/inner:1\0", "71 1 71 ID=host:72/inner:1\0"], "ended", [70]));
test("leaves the processes of the kernel and the parent", () =>
  check(["1 0 0", "2 0 0", "9 1 9", "50 9 50"], "running", [50]));

test("without a process goes by the marker of the whole host", () => {
  const entries = [
    { pid: 2, parent: 0, group: 0, environment: "", locks: "" },
    { pid: 70, parent: 1, group: 70, environment: "ID=host:7\0X=", locks: "unlimited" },
    { pid: 71, parent: 70, group: 71, environment: "", locks: "unlimited" },
    { pid: 72, parent: 1, group: 72, environment: "ID=other:7\0", locks: "123456789100000007" },
    { pid: 73, parent: 1, group: 73, environment: "", locks: "123456789000000041" },
    { pid: 74, parent: 1, group: 74, environment: "", locks: "1234567890" },
  ];
  const host = { variable: "ID=host:", locks: "1234567890" };
  assert.deepEqual(selectTree(entries, { pid: undefined, leader: "ended", mark: host }), [70, 73, 71]);
});

test("reads the list of ps, without the dead", () =>
  assert.deepEqual(
    parseProcessList(
      "    1     0     1 Ss   /sbin/launchd\n  500     1   500 Z+   (sh)\n  501   500   500 S+   sh -c x ID=host:7\n",
    ),
    [
      { pid: 1, parent: 0, group: 1, environment: "/sbin/launchd", locks: "" },
      { pid: 501, parent: 500, group: 500, environment: "sh -c x ID=host:7", locks: "" },
    ],
  ));
