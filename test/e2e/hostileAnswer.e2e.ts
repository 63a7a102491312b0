import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { call, message } from "../../src/core/model/demo/output.ts";
import { atEnd } from "../support/atEnd.ts";
import { startModelServer } from "../support/modelServer.ts";
import { payloads } from "../webview/attackPayloads.ts";
import { screenshot } from "../workbench/page.ts";
import { openWorkbench } from "../workbench/workbench.ts";
import { portsOfExtensionHost } from "./listening.ts";
import { agentSays, modelOf, openPanel, say, turnsDone } from "./panel.ts";

/** Somebody who notes each request that reaches them. */
async function startBeacon(t: TestContext): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(t, async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** What a script in the page can do that somehow got there, past everything that keeps it out: run another one, load, and send. */
const strayScript = (url: string) => `(async () => {
  const script = document.createElement("script");
  script.textContent = "window.ran = ['inline']";
  document.body.append(script);
  const picture = new Image();
  picture.src = "${url}/picture.png";
  document.body.append(picture);
  const frame = document.createElement("iframe");
  frame.src = "${url}/frame";
  document.body.append(frame);
  const fetched = await fetch("${url}/fetch").then(() => "fetched", () => "refused");
  return { ran: window.ran ?? [], fetched };
})()`;

test("what a model and a command say runs nothing, loads nothing and opens nothing", async (t) => {
  const beacon = await startBeacon(t);
  const text = Object.values(payloads).join("\n\n").replaceAll("http://127.0.0.1:9", beacon.url);
  const model = await startModelServer({
    script: [
      call("exec_command", { cmd: "cat hostile.txt" }),
      message(`${text}\n\n[A page](https://example.com/page) That is all.`),
    ],
  });
  atEnd(t, () => model.close());
  const { page, patchwrightHome } = await openWorkbench(t, {
    workspace: { kind: "files", files: { "hostile.txt": text } },
    ...modelOf(model, { "patchwright.approvalPolicy": "never", "patchwright.sandboxMode": "danger-full-access" }),
  });
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const panel = await openPanel(page);
  await say(panel, text);
  await turnsDone(panel, 1);
  await agentSays(panel, "That is all.");
  await panel.getByTestId("command").first().click();
  await screenshot(page, "hostile-answer");

  assert.equal(await panel.evaluate("window.ran ?? 'nothing'"), "nothing");
  const forbidden =
    "iframe, object, embed, form, img, style, link, meta, base, math, video, audio, dialog, [href], [src]";
  assert.equal(await panel.locator("pw-app").locator(`:is(${forbidden})`).count(), 0);
  assert.deepEqual(dialogs, []);
  assert.deepEqual(beacon.seen, []);
  assert.equal(await page.locator(".monaco-dialog-box").count(), 0);
  assert.deepEqual(await portsOfExtensionHost(patchwrightHome), []);

  assert.deepEqual(await panel.evaluate(strayScript(beacon.url)), {
    ran: [],
    fetched: "refused",
  });
  assert.deepEqual(beacon.seen, []);

  await panel.getByTestId("agent-message").getByText("A page").click();
  const question = page.locator(".monaco-dialog-box");
  await question.filter({ hasText: "https://example.com/page" }).waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  assert.deepEqual(beacon.seen, []);
});
