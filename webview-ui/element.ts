import { LitElement } from "lit";

/** An element of the panel. It renders into the document itself, so that one stylesheet, text selection and labels reach everything. */
export class PanelElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
