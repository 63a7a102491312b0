import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { parseSync, Visitor } from "oxc-parser";
import { readSources } from "../architecture/imports.ts";

interface Member {
  type: string;
  key?: { type?: string; name?: string };
  static?: boolean;
  declare?: boolean;
  value?: { type: string; properties?: { key?: { name?: string } }[] } | null;
}

/** The reactive properties that a class also has as a field: such a field hides the accessor, and the element never draws again. */
function shadowed(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = ({ body }: { body: { body: unknown[] } }) => {
    const members = body.body as Member[];
    const table = members.find(({ key, static: isStatic }) => isStatic && key?.name === "properties");
    const names = (table?.value?.properties ?? []).map(({ key }) => key?.name);
    const fields = members.filter(
      ({ type, static: isStatic, declare }) => type === "PropertyDefinition" && !isStatic && !declare,
    );
    for (const { key } of fields) {
      if (key?.type !== "PrivateIdentifier" && names.includes(key?.name)) found.push(`${file}: ${key?.name}`);
    }
  };
  new Visitor({ ClassDeclaration: visit as never, ClassExpression: visit as never }).visit(
    parseSync(file, text).program,
  );
  return found;
}

function check(body: string, expected: string[]) {
  assert.deepEqual(
    shadowed("x.ts", `class A extends B { static override properties = { name: {} }; ${body} }`),
    expected,
  );
}

test("a declared field is none", () => check("declare name: string;", []));
test("an initialised field hides the property", () => check('name = "";', ["x.ts: name"]));
test("so does one without a value", () => check("name: string | undefined;", ["x.ts: name"]));
test("other fields do not matter", () => check("#name = 1; other = 2;", []));

test("no element of the panel has one", () => {
  const sources = readSources(path.join(import.meta.dirname, "../.."), ["webview-ui"]);
  assert.ok(sources.some(({ text }) => text.includes("static override properties")));
  assert.deepEqual(
    sources.flatMap((source) => shadowed(source.path, source.text)),
    [],
  );
});
