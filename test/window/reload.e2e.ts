import { test } from "node:test";
import { customCall, message } from "../../src/core/model/demo/output.ts";
import { hold } from "../support/modelServerReply.ts";
import { pollFile, webviewFrame } from "../workbench/page.ts";
import { allow, answer, openPanel, openStage, replaceLine, say, statusBarItem } from "./stage.ts";

test("a window that is reloaded in mid-answer has its thread back, and goes on with it", async (t) => {
  const never = Promise.withResolvers<void>().promise;
  const window = await openStage(t, [
    hold(6, never, message("It begins here and never ends.")),
    customCall("apply_patch", replaceLine("b.txt", "two", "TWO")),
    message("Changed."),
  ]);
  const { page, path } = window;
  const panel = await openPanel(page);
  await say(panel, "Tell me.");
  await statusBarItem(page, "working").waitFor();
  // The answer has begun: a reload before its request would leave it to the next message.
  await answer(panel, "It begins").waitFor();
  await page.reload();
  const again = await webviewFrame(page, "thread");
  await again.getByText("Tell me.").first().waitFor();
  await again.getByTestId("stopped-divider").waitFor();
  await say(again, "Shout.");
  await allow(again);
  await pollFile(path("b.txt"), (text) => text.includes("TWO"));
  await answer(again, "Changed.").waitFor();
});
