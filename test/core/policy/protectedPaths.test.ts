import assert from "node:assert/strict";
import { test } from "node:test";
import { isProtected } from "../../../src/core/policy/protectedPaths.ts";

function check(path: string, expected: "protected" | "free"): void {
  test(`${path} is ${expected}`, () => assert.equal(isProtected(path), expected === "protected"));
}

check(".git/hooks/pre-commit", "protected");
check(".git", "protected");
check("packages/a/.git/config", "protected");
check(".GIT/config", "protected");
check(".git./config", "protected");
check(".git /config", "protected");
check(".git::$INDEX_ALLOCATION/config", "protected");
check(".g\u200cit/config", "protected");
check("GIT~1/config", "protected");
check(".vscode/tasks.json", "protected");
check("app/.VSCode/settings.json", "protected");
check(".idea/workspace.xml", "protected");
check("all.code-workspace", "protected");
check("all.Code-Workspace", "protected");
check(".github/workflows/ci.yml", "protected");
check("AGENTS.md", "protected");
check("docs/agents.MD", "protected");
check("CLAUDE.md", "protected");
check(".cursorrules", "protected");
check(".cursor/rules/a.mdc", "protected");
check(".github/copilot-instructions.md", "protected");
check(".envrc", "protected");
check(".env", "protected");
check(".env.local", "protected");
check("a/.npmrc", "protected");
check(".mcp.json", "protected");
check(".patchwright/config.toml", "protected");
check("src/app.ts", "free");
check("a.git/b", "free");
check("git/hooks", "free");
check(".gitignore", "free");
check(".github/ISSUE_TEMPLATE.md", "free");
check("workflows/ci.yml", "free");
check("src/agents.ts", "free");
check("src/environment.ts", "free");
check("vscode/tasks.json", "free");
check("code-workspace", "free");
check("notes~1999.txt", "free");
check("a", "free");
