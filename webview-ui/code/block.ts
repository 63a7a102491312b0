import { act } from "../actions.ts";
import { flashCopied } from "../copied.ts";
import { t } from "../strings.ts";
import { highlight } from "./highlight.ts";

/** A finished block of code with its language and a button that copies it. */
export function codeBlock(text: string, language: string): HTMLElement {
  const code = text.replace(/\n$/, "");
  const block = frame(language);
  const copy = copyButton(() => code);
  block.firstElementChild?.append(copy);
  const body = block.querySelector("code") as HTMLElement;
  highlight(code, language).forEach((runs, index) => {
    if (index > 0) body.append("\n");
    for (const { text: part, style } of runs) body.append(style === "" ? part : styled(part, style));
  });
  return block;
}

/** The block without its code: a bar with the language, and a place for the code. */
export function frame(language: string): HTMLElement {
  const block = document.createElement("div");
  block.className = "code-block";
  const bar = document.createElement("div");
  bar.className = "code-bar";
  const name = document.createElement("span");
  name.className = "code-language";
  name.textContent = language;
  bar.append(name);
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.append(document.createElement("code"));
  block.append(bar, pre);
  return block;
}

function copyButton(code: () => string): HTMLElement {
  const button = document.createElement("button");
  button.className = "icon-button";
  button.title = t("copyCode");
  button.setAttribute("aria-label", t("copyCode"));
  button.dataset.testid = "copy-code";
  const glyph = document.createElement("span");
  glyph.className = "codicon codicon-copy";
  glyph.setAttribute("aria-hidden", "true");
  button.append(glyph);
  button.addEventListener("click", () => {
    act(button, { kind: "copy", text: code() });
    flashCopied(button);
  });
  return button;
}

function styled(text: string, style: string): HTMLElement {
  const span = document.createElement("span");
  span.className = `tok-${style}`;
  span.textContent = text;
  return span;
}
