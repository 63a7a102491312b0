import { mkdir } from "node:fs/promises";
import { startHarness, type Theme } from "./harness.ts";

// Pictures of every scene into test-results/panel: `node test/webview/shoot.ts [SCENE...] [--themes a,b] [--widths 320,420]`.
const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1]?.split(",") : undefined);
const named = args.filter((arg, at) => !arg.startsWith("--") && !args[at - 1]?.startsWith("--"));
const themes = (option("--themes") ?? ["darkModern", "lightModern", "highContrast"]) as Theme[];
const widths = (option("--widths") ?? ["320", "420", "600"]).map(Number);
const folder = "test-results/panel";

const all =
  "welcome welcome-demo at-work finished approval-command approval-hostile approval-edit approval-outside failed retrying row-states history markdown demo restricted";
const harness = await startHarness();
await mkdir(folder, { recursive: true });
for (const scene of named.length > 0 ? named : all.split(" ")) {
  for (const theme of themes) {
    for (const width of widths) {
      const { page, context, faults } = await harness.open({
        scene,
        theme,
        width,
        height: 900,
        clock: "fixed",
        reducedMotion: true,
      });
      if (scene === "history") {
        await page.getByTestId("history").click();
        await page.getByTestId("history-row").first().waitFor();
      }
      await page.evaluate("document.fonts.ready");
      await page.screenshot({ path: `${folder}/${scene}-${width}-${theme}.png` });
      for (const fault of faults) process.stdout.write(`${scene} ${theme} ${width}: ${fault}\n`);
      await context.close();
    }
  }
}
await harness.close();
