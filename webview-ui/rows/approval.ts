import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { act } from "../actions.ts";
import { icon } from "../icons.ts";
import { type Menu, openMenu } from "../menu.ts";
import { askedText } from "../session/answers.ts";
import { ctrlName } from "../shell/keys.ts";
import { shownText } from "../shownText.ts";
import { t } from "../strings.ts";
import { isOutside, relativePath } from "../words/paths.ts";
import { type Warning, warningsOf } from "../words/warnings.ts";
import { CommandText } from "./commandText.ts";
import { EditPreview } from "./editPreview.ts";
import { HunkPicks } from "./hunkPicks.ts";
import { RowElement } from "./row.ts";

/** A key or click in flight when the card appears must not answer it. */
const GUARD_MS = 400;

const allowWords = {
  edit: { usual: "accept", once: "acceptOnce" },
  command: { usual: "allow", once: "allowOnce" },
} as const;

/** The agent asks: run this, or change these files. It waits without time limit. */
export class ApprovalRow extends RowElement<"approval"> {
  readonly #command = new CommandText(() => this.requestUpdate());
  readonly #edits = new EditPreview(() => this.requestUpdate());
  readonly #picks = new HunkPicks(() => this.requestUpdate());
  readonly #sight = new IntersectionObserver(([entry]) =>
    this.context.sight(entry?.isIntersecting ? "seen" : "hidden"),
  );
  #shownAt = Number.POSITIVE_INFINITY;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#guard);
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#guard);
    this.#command.stop();
    this.#sight.disconnect();
    this.context.sight("seen");
  }

  /** Answers as if the first button had been pressed; ignored while it could not be. */
  allow(scope: "once" | "session" = "once"): void {
    if (!this.#takesInput() || !this.mayAllow) return;
    const acceptedHunks = this.#picks.accepted;
    act(this, { kind: "allow", approval: this.row.approval, scope, ...(acceptedHunks ? { acceptedHunks } : {}) });
  }

  deny(): void {
    if (this.#takesInput()) act(this, { kind: "deny", approval: this.row.approval });
  }

  openChoices(): void {
    const button = this.querySelector<HTMLElement>("[data-choices]");
    if (button && this.mayAllow) this.#choose(button);
  }

  /** False until every line of a command can be seen, and while nothing of an edit is picked. */
  get mayAllow(): boolean {
    return this.#isEdit ? this.#picks.total === 0 || this.#picks.picked > 0 : this.#command.allShown;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("row")) this.#guard();
    const { approval } = this.row;
    this.#picks.files = approval.method === "item/fileChange/requestApproval" ? (approval.params.files ?? []) : [];
  }

  protected override content(): unknown {
    const warnings = this.#isEdit ? [] : warningsOf(this.#text);
    return html`<section class="approval" role="group" aria-label=${this.#title(warnings)} data-testid="approval" tabindex="-1">
      <div class="approval-title">${icon("question", "warn")}<h2>${this.#title(warnings)}</h2></div>
      ${this.row.approval.params.reason ? html`<p class="approval-reason">${shownText(this.row.approval.params.reason)}</p>` : nothing}
      ${warnings.map(({ key, args }) => html`<p class="approval-warning">${icon("warning", "warn")}${t(key, args)}</p>`)}
      ${this.#isEdit ? this.#edits.view(this.row.item, { context: this.context, from: this, picks: this.#picks }) : this.#command.view(this.#text)}
      ${this.#facts()}
      <div class="approval-buttons">${warnings.length > 0 ? this.#cautious() : this.#usual()}</div>
      ${this.#hints(warnings.length > 0)}
    </section>`;
  }

  protected override settled(): void {
    this.#command.measure(this.querySelector(".command-block"));
  }

  get #isEdit(): boolean {
    return this.row.approval.method === "item/fileChange/requestApproval";
  }

  get #text(): string {
    const { approval, item } = this.row;
    return askedText(approval) ?? (item?.type === "commandExecution" ? item.command : "");
  }

  get #paths(): string[] {
    const { item } = this.row;
    if (item?.type !== "fileChange") return [];
    return item.changes.flatMap(({ path, kind }) =>
      kind.type === "update" && kind.move_path ? [path, kind.move_path] : [path],
    );
  }

  get #outside(): string[] {
    return this.#paths.filter((path) => isOutside(path, this.context.roots()));
  }

  #title(warnings: readonly Warning[]): string {
    const { approval } = this.row;
    if (approval.method === "item/fileChange/requestApproval") {
      const outside = this.#outside.length;
      return outside > 0 ? t("acceptOutside", { count: outside }) : t("acceptEdit", { count: this.#paths.length || 1 });
    }
    if (approval.method === "item/commandExecution/requestApproval" && approval.params.kind === "writeStdin")
      return t("typeThis");
    return t(warnings.length > 0 ? "runThisClosely" : "runThis");
  }

  #facts(): TemplateResult {
    const facts = this.#isEdit ? this.#editFacts() : this.#commandFacts();
    return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
  }

  #commandFacts(): [string, unknown][] {
    const { approval, item } = this.row;
    const asked = approval.method === "item/commandExecution/requestApproval" ? approval.params.cwd : undefined;
    const cwd = asked ?? (item?.type === "commandExecution" ? item.cwd : "");
    const where = relativePath(cwd, this.context.roots());
    const shown = where === "." ? this.context.workspaceName() || cwd : where;
    return [
      [t("where"), html`<span class="mono" title=${cwd}>${shown}</span>`],
      [t("mayWrite"), t("anywhere")],
      [t("network"), t("allHosts")],
      [t("sandbox"), html`<span class="no-sandbox">${icon("workspace-unknown", "warn")}${t("noSandboxRights")}</span>`],
    ];
  }

  #editFacts(): [string, unknown][] {
    const name = this.context.workspaceName();
    const where =
      this.#outside.length > 0 ? t("outsideOf", { name: name || t("workspace") }) : name || t("wholeWorkspace");
    return [
      [t("where"), where],
      [t("mayWrite"), t("onlyThisFile", { count: this.#paths.length || 1 })],
    ];
  }

  #usual(): unknown {
    const isPart = this.#picks.accepted !== undefined;
    const once = this.#outside.length > 0 || isPart || !this.#offers("acceptForSession");
    const words = isPart
      ? this.#partWords()
      : t(allowWords[this.#isEdit ? "edit" : "command"][once ? "once" : "usual"]);
    return html`<span class="split">
        ${this.#allowButton(words, "primary")}
        ${
          once
            ? nothing
            : html`<button class="button primary split-more" data-choices aria-haspopup="menu" aria-label=${t("moreChoices")}
                title=${t("moreChoices")} ?disabled=${!this.mayAllow} data-testid="approval-choices"
                @click=${(event: Event) => this.#choose(event.currentTarget as HTMLElement)}>${icon("chevron-down")}</button>`
        }
      </span>
      ${this.#denyButton("secondary")}${this.#feedbackButton()}`;
  }

  #partWords(): string {
    return t("acceptSome", { some: this.#picks.picked, count: this.#picks.total });
  }

  /** Something in the command could mislead: saying no is the easy choice. */
  #cautious(): unknown {
    return html`${this.#denyButton("primary")}${this.#feedbackButton()}${this.#allowButton(t("allowOnce"), "dashed")}`;
  }

  #allowButton(words: string, look: string): TemplateResult {
    const why = this.#isEdit && !this.mayAllow ? t("acceptNone") : nothing;
    return html`<button class="button ${look}" ?disabled=${!this.mayAllow} title=${why} data-testid="allow" @click=${() => this.allow()}>${words}</button>`;
  }

  #denyButton(look: string): TemplateResult {
    return html`<button class="button ${look}" data-testid="deny" @click=${() => this.deny()}>
      ${t(this.#isEdit ? "reject" : "deny")}
    </button>`;
  }

  #feedbackButton(): TemplateResult {
    return html`<button class="button secondary" data-testid="deny-feedback" @click=${() => act(this, { kind: "denyWithFeedback" })}>
      ${t(this.#isEdit ? "rejectFeedback" : "denyFeedback")}
    </button>`;
  }

  #hints(cautious: boolean): TemplateResult {
    const key = (name: string) => html`<kbd>${name}</kbd>`;
    const allow = this.#isEdit ? t("accept") : t("allow");
    return html`<div class="hints">
      ${
        this.mayAllow
          ? cautious
            ? nothing
            : html`<span class="hint unless-written">${key(ctrlName)}${key("Enter")}<span>${allow}</span></span>`
          : html`<span class="hint">${this.#isEdit ? t("acceptNone") : t("showAll", { count: this.#command.lineCount })}</span>`
      }
      <span class="hint">${key("Esc")}<span>${t(this.#isEdit ? "reject" : "deny")}</span></span>
      ${
        cautious || this.#outside.length > 0 || this.#picks.accepted
          ? nothing
          : html`<span class="hint wide-only">${key(ctrlName)}${key("↓")}<span>${t("moreChoices")}</span></span>`
      }
    </div>`;
  }

  #offers(decision: "acceptForSession" | "cancel"): boolean {
    const { approval } = this.row;
    if (approval.method !== "item/commandExecution/requestApproval") return true;
    return approval.params.availableDecisions?.includes(decision) ?? true;
  }

  #choose(anchor: HTMLElement): void {
    const session = this.#isEdit ? "acceptSession" : "allowSession";
    openMenu(anchor, {
      label: t("moreChoices"),
      items: [
        { label: t(session), hint: t(`${session}Hint`), testId: "allow-session", run: () => this.allow("session") },
        ...this.#stopChoice(),
      ],
    });
  }

  #stopChoice(): Menu["items"] {
    if (!this.#offers("cancel")) return [];
    const run = () => act(this, { kind: "denyAndStop", approval: this.row.approval });
    return [{ separator: true }, { label: t("denyStop"), testId: "deny-stop", run }];
  }

  #guard = (): void => {
    this.#shownAt = performance.now();
  };

  #takesInput(): boolean {
    return performance.now() - this.#shownAt >= GUARD_MS;
  }
}
customElements.define("pw-approval", ApprovalRow);
