import assert from "node:assert/strict";
import { test } from "node:test";
import { contentSecurityPolicy, panelHtml } from "../../src/extension/panelHtml.ts";

const page = {
  script: "https://file.vscode-resource.example/dist/webview.js",
  styles: "https://file.vscode-resource.example/dist/webview.css",
  cspSource: "https://*.vscode-resource.example",
  nonce: "n0nce",
};

function checkDirective(name: string, expected: string): void {
  const directives = contentSecurityPolicy(page).split("; ");
  assert.deepEqual(
    directives.filter((directive) => directive.startsWith(`${name} `)),
    [`${name} ${expected}`],
  );
}

test("nothing by default", () => checkDirective("default-src", "'none'"));
test("its own script only", () => checkDirective("script-src", "'nonce-n0nce'"));
test("its own styles only", () => checkDirective("style-src", "https://*.vscode-resource.example 'nonce-n0nce'"));
test("its own fonts only", () => checkDirective("font-src", "https://*.vscode-resource.example"));
test("no remote pictures", () => checkDirective("img-src", "https://*.vscode-resource.example data:"));
test("no other base", () => checkDirective("base-uri", "'none'"));
test("no forms", () => checkDirective("form-action", "'none'"));
test("no connection of any kind", () =>
  assert.doesNotMatch(contentSecurityPolicy(page), /connect-src|unsafe|\*(?!\.)/));

test("the policy comes before anything that loads", () => {
  const html = panelHtml(page);
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<link"));
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"));
});
test("the nonce is there for styles that scripts add", () =>
  assert.match(panelHtml(page), /<meta property="csp-nonce" content="n0nce">/));
