import { html } from "lit";
import { MarkdownStream } from "../markdown/stream.ts";
import { RowElement } from "./row.ts";

/** What the agent says, in Markdown. */
export class AgentMessageRow extends RowElement<"agentMessage"> {
  #stream: MarkdownStream | undefined;

  protected override content(): unknown {
    return html`<article class="markdown agent-message" tabindex="-1" data-row data-testid="agent-message"></article>`;
  }

  protected override settled(): void {
    const body = this.firstElementChild;
    if (!(body instanceof HTMLElement)) return;
    this.#stream ??= new MarkdownStream(body);
    this.#stream.update(this.row.item.text, this.row.live ? "growing" : "complete");
  }
}
customElements.define("pw-agent-message", AgentMessageRow);
