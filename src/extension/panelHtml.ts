/** Addresses that the page loads, as the webview sees them, and what its policy needs. */
export interface PanelPage {
  readonly script: string;
  readonly styles: string;
  /** The webview's own source expression for styles, fonts and pictures. */
  readonly cspSource: string;
  /** New for every page. */
  readonly nonce: string;
}

/** The page may load its own files and nothing else, run its own script and no other, and connect to nowhere. */
export function contentSecurityPolicy({ cspSource, nonce }: Pick<PanelPage, "cspSource" | "nonce">): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

export function panelHtml(page: PanelPage): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(page)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${page.nonce}">
<link rel="stylesheet" href="${page.styles}" nonce="${page.nonce}">
<title>Patchwright</title>
</head>
<body>
<script nonce="${page.nonce}" src="${page.script}"></script>
</body>
</html>
`;
}
