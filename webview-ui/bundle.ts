/** How the panel is bundled, for esbuild: `webview.js`, `webview.css` and the icon font beside them in `outdir`. */
export const webviewBundle = {
  entryPoints: [
    { in: "webview-ui/main.ts", out: "webview" },
    { in: "webview-ui/styles/index.css", out: "webview" },
  ],
  bundle: true,
  format: "iife",
  target: "chrome134",
  loader: { ".ttf": "file" },
  assetNames: "[name]",
  legalComments: "none",
} as const;
