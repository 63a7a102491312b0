import assert from "node:assert/strict";
import { test } from "node:test";
import type { UserInput } from "../../src/protocol/items.ts";
import { type Draft, draftOf, inputOf, joinDrafts, placeOf } from "../../webview-ui/session/draft.ts";

const span = (label: string, text: string) => ({ kind: "span" as const, label, text });
const mention = (path: string) => ({ kind: "mention" as const, name: path, path });

/** A draft is sent and read back: what comes out must be what went in. */
function check(draft: Draft, input: UserInput[]) {
  assert.deepEqual(inputOf(draft), input);
  assert.deepEqual(draftOf(input), draft);
}

test("text", () => check({ text: "Fix it.", attachments: [] }, [{ type: "text", text: "Fix it.", text_elements: [] }]));

test("text with a span, whose place is counted in UTF-8", () =>
  check({ text: "Grüße 🎉", attachments: [span("problem", "a.ts:1: ü")] }, [
    {
      type: "text",
      text: "Grüße 🎉\n\na.ts:1: ü",
      text_elements: [{ byteRange: { start: 14, end: 24 }, placeholder: "problem" }],
    },
  ]));

test("two spans without text", () =>
  check({ text: "", attachments: [span("1", "a"), span("2", "b")] }, [
    {
      type: "text",
      text: "a\n\nb",
      text_elements: [
        { byteRange: { start: 0, end: 1 }, placeholder: "1" },
        { byteRange: { start: 3, end: 4 }, placeholder: "2" },
      ],
    },
  ]));

test("a file", () =>
  check({ text: "", attachments: [mention("/a/b.ts")] }, [{ type: "mention", name: "/a/b.ts", path: "/a/b.ts" }]));

test("a picture", () => {
  const input: UserInput = { type: "localImage", path: "/a/b.png" };
  check({ text: "", attachments: [{ kind: "picture", name: "b.png", input }] }, [input]);
});

test("spans in the middle of a text leave no hole", () => {
  const text = "Fix this.\n\nspan\n\nThanks.";
  const input: UserInput[] = [
    { type: "text", text, text_elements: [{ byteRange: { start: 11, end: 15 }, placeholder: "p" }] },
  ];
  assert.deepEqual(draftOf(input), { text: "Fix this.\n\nThanks.", attachments: [span("p", "span")] });
});

test("a span that lies outside the text is text", () => {
  const input: UserInput[] = [
    { type: "text", text: "abc", text_elements: [{ byteRange: { start: 1, end: 99 }, placeholder: "p" }] },
  ];
  assert.deepEqual(draftOf(input), { text: "abc", attachments: [] });
});

test("the same file is attached once", () => {
  const one = { text: "a", attachments: [mention("/x")] };
  const two = { text: "b", attachments: [mention("/x"), mention("/y")] };
  assert.deepEqual(joinDrafts(one, two), { text: "a\n\nb", attachments: [mention("/x"), mention("/y")] });
});

test("a span says which file it stands for", () => {
  const places = ["src/a.ts:4:2: error (ts 1): no", "src/a.ts, lines 4 to 9:\n```", "no place: here"].map((text) =>
    placeOf(span("l", text)),
  );
  assert.deepEqual(places, [{ path: "src/a.ts", line: 4 }, { path: "src/a.ts", line: 4 }, undefined]);
});
