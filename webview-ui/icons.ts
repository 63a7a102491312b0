import { html, type TemplateResult } from "lit";

/** An icon of the codicon font. It says nothing to a screen reader: the words beside it, or the button's label, do. */
export function icon(name: string, extra = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;
}

/** The square of Stop. */
export function stopSquare(): TemplateResult {
  return html`<span class="stop-square" aria-hidden="true"></span>`;
}

/** What is at work: a ring that turns, or stands still where motion is reduced. */
export function spinner(): TemplateResult {
  return html`<svg class="spinner" viewBox="0 0 16 16" aria-hidden="true">
    <circle class="spinner-track" cx="8" cy="8" r="6.5"></circle>
    <circle class="spinner-arc" cx="8" cy="8" r="6.5" pathLength="100" stroke-dasharray="28 72"></circle>
  </svg>`;
}

const byExtension: Record<string, string> = {
  md: "markdown",
  json: "json",
  png: "file-media",
  jpg: "file-media",
  jpeg: "file-media",
  gif: "file-media",
  svg: "file-media",
  webp: "file-media",
  pdf: "file-pdf",
  zip: "file-zip",
  txt: "file-text",
  toml: "settings-gear",
  ini: "settings-gear",
};

const plainFiles = new Set(["", "lock", "log"]);

/** The icon of a file: a flask for tests, else by its extension, else code. */
export function fileIcon(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  if (/[._-](test|spec)\.[a-z]+$/i.test(name) || /^test_.*\.py$/.test(name)) return "beaker";
  if (name.startsWith(".") && !name.slice(1).includes(".")) return "settings-gear";
  const extension = name.includes(".") ? (name.split(".").at(-1) ?? "").toLowerCase() : "";
  return byExtension[extension] ?? (plainFiles.has(extension) ? "file" : "file-code");
}
