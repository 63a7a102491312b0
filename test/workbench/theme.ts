import type { Page } from "playwright-core";
import { chooseFrom } from "./page.ts";
import { until } from "./until.ts";

const themes = {
  dark: { label: "Dark Modern", kind: "vs-dark" },
  light: { label: "Light Modern", kind: "vs" },
  highContrast: { label: "Dark High Contrast", kind: "hc-black" },
  highContrastLight: { label: "Light High Contrast", kind: "hc-light" },
} as const;

export type Theme = keyof typeof themes;

/** Picks a colour theme as a user does, and resolves when the window wears it. */
export async function setTheme(page: Page, theme: Theme): Promise<void> {
  const { label, kind } = themes[theme];
  await chooseFrom(page, "Preferences: Color Theme", label);
  await until(`the theme is ${label}`, async () => {
    const classes = await page.locator(".monaco-workbench").first().getAttribute("class");
    return classes?.split(" ").includes(kind);
  });
}
