import assert from "node:assert/strict";
import { test } from "node:test";
import { PageLink } from "../../src/extension/pageLink.ts";
import type { WireMessage } from "../../src/rpc/transport.ts";

/** What is done to a link to page "p", and what is posted to the view; "!" for a link that is closed afterwards. */
async function check(act: (link: PageLink) => Promise<void> | void, expected: readonly string[]): Promise<void> {
  const posted: string[] = [];
  const link = new PageLink("p", ({ page, method, id }: WireMessage) => posted.push(`${page}:${method ?? id}`));
  await act(link);
  assert.deepEqual([...posted, ...(link.open ? [] : ["!"])], expected);
}

const note = (method: string) => ({ method });

test("a shown page gets messages, marked with its id", () => check((link) => link.transport.send(note("a")), ["p:a"]));
test("a hidden one gets nothing", () =>
  check(async (link) => {
    link.hide();
    await link.transport.send(note("a"));
  }, []));
test("shown again it is asked whether it is there", () =>
  check(
    (link) => {
      link.hide();
      void link.transport.send(note("a"));
      link.probe();
    },
    ["p:editor/ping"],
  ));
test("once it has answered, it gets what it missed, in order", () =>
  check(
    (link) => {
      link.hide();
      void link.transport.send(note("a"));
      void link.transport.send({ id: 1, result: {} });
      link.probe();
      link.resume();
      void link.transport.send(note("b"));
    },
    ["p:editor/ping", "p:a", "p:1", "p:b"],
  ));
test("a page that was never hidden is not asked", () => check((link) => link.probe(), []));
test("after so much that was missed, its session ends", () =>
  check(
    (link) => {
      link.hide();
      for (let count = 0; count <= 2000; count++) void link.transport.send(note("a"));
      link.probe();
      link.resume();
    },
    ["!"],
  ));
test("a closed one gets nothing more", () =>
  check(
    async (link) => {
      link.close();
      await link.post(note("a"));
    },
    ["!"],
  ));

test("the page is told when the server ends", () =>
  check((link) => link.transport.close(), ["p:editor/agentStopped", "!"]));

test("the end of a link is told to the server once", () => {
  const link = new PageLink("p", () => {});
  let told = 0;
  link.transport.onClose(() => told++);
  link.close();
  link.close();
  assert.equal(told, 1);
});
test("what the page says reaches the server, also what came before it listened", () => {
  const link = new PageLink("p", () => {});
  const heard: unknown[] = [];
  link.deliver({ id: 1, method: "initialize" });
  link.transport.onMessage(({ method }) => heard.push(method));
  link.deliver({ method: "initialized" });
  assert.deepEqual(heard, ["initialize", "initialized"]);
});
