import { formsOf, patternOf, REDACTED } from "./redact.ts";

/** How much of a secret at the end of a text that was cut off gives it away, in characters. */
const MIN_CUT_LENGTH = 6;

/**
 * The secret values of this process, which are cut out of every text that is sent to the model, kept, or shown. One that was replaced by another
 * stays secret. Cutting is exact and has no exceptions, so equal texts stay equal, wherever they are cut.
 */
export class Secrets {
  #values = new Set<string>();
  #forms: string[] = [];
  #pattern: RegExp | undefined;
  #hasCut = false;

  constructor(values: Iterable<string | undefined> = []) {
    this.add(...values);
  }

  /** From now on these are cut, too. Values of fewer than eight characters are no secrets. */
  add(...values: readonly (string | undefined)[]): void {
    const known = this.#values.size;
    for (const value of values) if (value) this.#values.add(value.trim());
    if (this.#values.size === known) return;
    this.#forms = [...new Set([...this.#values].flatMap(formsOf))];
    this.#pattern = patternOf(this.#forms);
  }

  /** Whether anything was ever cut, so that the model may take the mark in its place for the text itself. */
  get hasCut(): boolean {
    return this.#hasCut;
  }

  /** The text without them. */
  text(text: string): string {
    // Most texts have none, which this finds out several times faster than the pattern.
    if (!this.#pattern || !this.#forms.some((form) => text.includes(form))) return text;
    this.#hasCut = true;
    return text.replace(this.#pattern, REDACTED);
  }

  /** The value with all strings in it as `text` has them; the same object when nothing was cut. */
  value<T>(value: T): T {
    return (typeof value === "string" ? this.text(value) : isObject(value) ? this.#members(value) : value) as T;
  }

  /** An error with its message, stack and causes as `text` has them; anything else as `value` has it. */
  fault(fault: unknown): unknown {
    if (!(fault instanceof Error)) return this.value(fault);
    const { message, stack = message, cause } = fault;
    const [cutStack, cutCause] = [this.text(stack), cause === undefined ? cause : this.fault(cause)];
    if (cutStack === stack && this.text(message) === message && cutCause === cause) return fault;
    const cut = new Error(this.text(message), { cause: cutCause });
    return Object.assign(cut, { name: fault.name, stack: cutStack });
  }

  /** A text of which the end was cut off: without the beginning of a secret there, too. */
  cutText(text: string): string {
    const whole = this.text(text);
    const at = this.#partialAt(whole, 0);
    return whole.length - at < MIN_CUT_LENGTH ? whole : `${whole.slice(0, at)}${REDACTED}`;
  }

  /** A text that comes in pieces. `push` gives what is certain so far, and `end` the rest. */
  stream(): { push(piece: string): string; end(): string } {
    let held = "";
    return {
      push: (piece) => {
        const text = held + piece;
        const certain = this.#certainLength(text);
        held = text.slice(certain);
        return this.text(text.slice(0, certain));
      },
      end: () => {
        const rest = held;
        held = "";
        return this.text(rest);
      },
    };
  }

  #members(value: object): object {
    if (Array.isArray(value)) {
      const cut = value.map((member) => this.value(member));
      return cut.some((member, index) => member !== value[index]) ? cut : value;
    }
    if (!isPlain(value)) return value;
    let changed: Record<string, unknown> | undefined;
    for (const [name, member] of Object.entries(value)) {
      const [cutName, cut] = [this.text(name), this.value(member)];
      if (cutName === name && cut === member) continue;
      changed ??= { ...value };
      if (cutName !== name) delete changed[name];
      changed[cutName] = cut;
    }
    return changed ?? value;
  }

  /** Up to where no secret can go on in what comes next. */
  #certainLength(text: string): number {
    let certain = this.#partialAt(text, 0);
    if (certain === text.length || !this.#forms.some((form) => text.includes(form))) return certain;
    for (const { index, 0: match } of text.matchAll(this.#pattern!)) {
      if (index >= certain) break;
      // A whole secret, whose end looked like the beginning of another one.
      if (index + match.length > certain) certain = this.#partialAt(text, index + match.length);
    }
    return certain;
  }

  /** Where a secret begins, at `from` or later, that the text's end cuts off; the text's length when none does. */
  #partialAt(text: string, from: number): number {
    let first = text.length;
    for (const form of this.#forms) {
      const [begin] = form;
      for (let at = text.indexOf(begin!, Math.max(from, text.length - form.length + 1)); at >= 0 && at < first; ) {
        if (form.startsWith(text.slice(at))) first = at;
        else at = text.indexOf(begin!, at + 1);
      }
    }
    return first;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Bytes, dates and the like have no texts in them. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
