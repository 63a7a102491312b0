import { html, nothing, render, type TemplateResult } from "lit";
import { icon } from "./icons.ts";

export interface MenuItem {
  /** What must not be cut off is given as a template. */
  label: string | TemplateResult;
  hint?: string | undefined;
  note?: string | undefined;
  icon?: string | undefined;
  /** Set for a choice among several: whether it is the one that holds. */
  checked?: boolean | undefined;
  disabled?: boolean | undefined;
  testId: string;
  run(): void;
}

export interface Menu {
  label: string;
  items: readonly (MenuItem | { separator: true } | { heading: string })[];
  /** Shown above the items, such as a field that filters them. */
  head?: TemplateResult | undefined;
  /** Shown below the items. */
  foot?: TemplateResult | undefined;
  /** True for a menu whose items take as many lines as their words need. */
  wide?: boolean | undefined;
}

export interface OpenMenu {
  /** Shows other items in the same place. */
  update(menu: Menu): void;
  close(): void;
}

/** What draws the open menus that say what is true now. */
const current = new Set<() => void>();

/** Called when the panel knows something new. */
export function redrawMenus(): void {
  for (const redraw of current) redraw();
}

/**
 * Opens a menu at an element: above it when there is more room. It closes on Escape, on a click elsewhere and on a choice; focus returns.
 * One that is given as a function is drawn anew when the panel knows something new: for what is read, since a choice must not move.
 */
export function openMenu(anchor: HTMLElement, menu: Menu | (() => Menu)): OpenMenu {
  const box = document.createElement("div");
  box.popover = "auto";
  box.tabIndex = -1;
  box.className = "menu";
  box.dataset.testid = "menu";
  document.body.append(box);
  const close = () => box.hidePopover();
  const redraw = () => update(typeof menu === "function" ? menu() : menu);
  const update = (next: Menu) => {
    box.setAttribute("role", next.head ? "dialog" : "menu");
    box.setAttribute("aria-label", next.label);
    box.classList.toggle("wide", next.wide === true);
    render(menuView(next, close), box);
    place(box, anchor);
  };
  box.addEventListener("keydown", (event) => onKey(event, box));
  box.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    if (document.activeElement === document.body || box.contains(document.activeElement)) anchor.focus();
    current.delete(redraw);
    box.remove();
  });
  box.showPopover();
  redraw();
  if (typeof menu === "function") current.add(redraw);
  anchor.setAttribute("aria-expanded", "true");
  focusFirst(box);
  return { update, close };
}

function menuView(menu: Menu, close: () => void): TemplateResult {
  return html`${menu.head ?? nothing}
    <div class="menu-items" role=${menu.head ? "listbox" : "presentation"} aria-label=${menu.head ? menu.label : nothing}>
      ${menu.items.map((item) => {
        if ("separator" in item)
          return html`<div class="menu-separator" role=${menu.head ? "presentation" : "separator"}></div>`;
        if ("heading" in item) return html`<div class="menu-heading" role="presentation">${item.heading}</div>`;
        return itemView(item, { close, inList: menu.head !== undefined });
      })}
    </div>
    ${menu.foot ?? nothing}`;
}

function itemView(item: MenuItem, at: { close: () => void; inList: boolean }): TemplateResult {
  const isChoice = item.checked !== undefined;
  const role = at.inList ? "option" : isChoice ? "menuitemradio" : "menuitem";
  const run = () => {
    at.close();
    item.run();
  };
  return html`<button class="menu-item" role=${role} tabindex="-1" data-testid=${item.testId} ?disabled=${item.disabled ?? false}
    aria-checked=${isChoice && !at.inList ? String(item.checked) : nothing}
    aria-selected=${at.inList ? String(item.checked ?? false) : nothing} @click=${run} @pointermove=${focusHovered}>
    ${isChoice ? icon(item.checked ? "check" : "blank") : item.icon ? icon(item.icon) : nothing}
    <span class="menu-label"><span class=${typeof item.label === "string" ? "ellipsis" : "menu-exact"}>${item.label}</span>${
      item.hint ? html`<span class="menu-hint">${item.hint}</span>` : nothing
    }</span>
    ${item.note ? html`<span class="menu-note">${item.note}</span>` : nothing}
  </button>`;
}

function focusHovered(event: Event): void {
  const item = event.currentTarget as HTMLElement;
  if (document.activeElement !== item && !inField()) item.focus();
}

/** The toolkit's field keeps its input to itself: the focused element is the field. */
function inField(): boolean {
  return document.activeElement?.localName === "vscode-text-field";
}

function focusFirst(box: HTMLElement): void {
  const chosen = box.querySelector<HTMLElement>('.menu-item[aria-checked="true"]');
  const first = box.querySelector<HTMLElement>("vscode-text-field, vscode-button, .menu-item");
  (chosen ?? first ?? box).focus();
}

function onKey(event: KeyboardEvent, box: HTMLElement): void {
  const items = [...box.querySelectorAll<HTMLElement>(".menu-item:not([disabled]), .segment:not([disabled])")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: at < 0 ? items.length - 1 : (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  if (event.key === "Tab" && !box.querySelector("vscode-text-field, [data-menu-foot]")) event.preventDefault();
  if (event.key === "Enter" && inField()) items[0]?.click();
  if (event.key === "Escape") event.stopPropagation();
  const next = steps[event.key];
  if (next === undefined || (inField() && (event.key === "Home" || event.key === "End"))) return;
  if (document.activeElement?.closest("[data-menu-foot]")) return;
  event.preventDefault();
  event.stopPropagation();
  items[next]?.focus();
}

const GAP = 4;

/** Above the anchor when there is more room there; never beyond the panel's edges. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  const above = at.top;
  const room = Math.max(above, below) - 2 * GAP;
  box.style.maxHeight = `${Math.max(80, room)}px`;
  const { offsetWidth: width, offsetHeight: height } = box;
  const down = below >= height + 2 * GAP || below >= above;
  box.style.top = `${down ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height)}px`;
  box.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - width - 2 * GAP))}px`;
}
