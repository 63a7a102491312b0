import type { Frame, Locator, Page } from "playwright-core";
import type { ModelServer } from "../support/modelServer.ts";
import { runCommand, showView, webviewFrame } from "../workbench/page.ts";
import { until } from "../workbench/until.ts";

/** The settings and the key of a user whose model is the scripted server. */
export function modelOf(server: ModelServer, settings: Readonly<Record<string, unknown>> = {}) {
  return {
    settings: { "patchwright.baseUrl": server.baseUrl, "patchwright.model": "gpt-5.4", ...settings },
    env: { OPENAI_API_KEY: server.apiKey },
  };
}

/** Shows the panel; resolves with its page once it can be typed in. The page is another one after each reload of the window. */
export async function openPanel(page: Page): Promise<Frame> {
  await showView(page, "Patchwright");
  return webviewFrame(page, "composer");
}

/** Reloads the window; resolves with the panel's page, which comes back by itself. */
export async function reloadWindow(page: Page): Promise<Frame> {
  const loaded = page.waitForEvent("domcontentloaded");
  await runCommand(page, "Developer: Reload Window");
  await loaded;
  return webviewFrame(page, "composer");
}

/** Enters the key as a user does: by the button in the panel and the input box of the editor. */
export async function enterKey(page: Page, panel: Frame, key: string): Promise<void> {
  await panel.getByTestId("use-key").click();
  await typeKey(page, key);
  await panel.getByTestId("suggestion").first().waitFor();
}

/** Types into the input box for the key, which is open. */
export async function typeKey(page: Page, key: string): Promise<void> {
  const box = page.locator(".quick-input-widget:visible .quick-input-box input[type=password]");
  await box.fill(key);
  await box.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Types a message and sends it with Enter; resolves when the thread shows it. */
export async function say(panel: Frame, text: string): Promise<void> {
  const said = panel.getByTestId("user-message");
  const before = await said.count();
  await panel.getByTestId("composer").fill(text);
  await panel.getByTestId("composer").press("Enter");
  await said.nth(before).waitFor();
}

/** Begins a new thread by the panel's button; resolves once the one before is out of sight, so that nothing of it counts any more. */
export async function newThread(panel: Frame): Promise<void> {
  await panel.getByTestId("new-thread").click();
  await panel.getByTestId("welcome").waitFor();
}

/** Waits until the agent has said this, in one of its messages. What is read aloud from them is elsewhere on the page. */
export async function agentSays(panel: Frame, text: string): Promise<void> {
  await panel.getByTestId("agent-message").getByText(text).waitFor();
}

/** The question that waits, once its card has this text in it. */
export async function question(panel: Frame, text: string): Promise<Locator> {
  const card = panel.getByTestId("approval").filter({ hasText: text });
  await card.waitFor();
  return card;
}

/**
 * Answers the question that waits by clicking a button of its card, and then an entry of the menu that it opens, if that is what it does.
 * The card ignores a click in its first moments on purpose, so a person clicks again. Its words may change while it waits.
 */
export async function answer(panel: Frame, button: string, entry?: string): Promise<void> {
  const itemId = await panel.locator("pw-approval").getAttribute("data-row-id");
  const card = panel.locator(`pw-approval[data-row-id="${itemId}"]`);
  await until("the question is answered", async () => {
    if ((await card.count()) === 0) return true;
    await card.getByTestId(button).click({ timeout: 1000 });
    if (entry !== undefined) await panel.getByTestId(entry).click({ timeout: 1000 });
    return undefined;
  });
}

/** Resolves when so many turns of the thread that is shown have ended well. */
export async function turnsDone(panel: Frame, count: number): Promise<void> {
  await panel
    .getByTestId("turn-done")
    .nth(count - 1)
    .waitFor();
}

/** What the status bar says about the cursor, such as "Ln 18, Col 1". */
export function cursorPlace(page: Page): Promise<string> {
  return page.locator("#status\\.editor\\.selection").innerText();
}

/** The arguments of a command that asks in every mode, whether there is a sandbox or not. */
export function outside(cmd: string) {
  return { cmd, sandbox_permissions: "require_escalated", justification: "It needs what the sandbox does not give." };
}
