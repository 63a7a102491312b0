/** This near to the end counts as being there, in pixels. */
const NEAR = 40;

/** Keeps a scrolling element at its end while the user is there, and leaves it alone otherwise. */
export class EndFollower {
  readonly #scroller: HTMLElement;
  readonly #changed: () => void;
  #following = true;
  #lastTop = 0;
  #lastHeight = 0;
  #holding = false;

  /** `changed` is called when following begins or stops. */
  constructor(scroller: HTMLElement, changed: () => void) {
    this.#scroller = scroller;
    this.#changed = changed;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  get following(): boolean {
    return this.#following;
  }

  /** To the end, and stays there. */
  follow(): void {
    this.#holding = false;
    this.#set(true);
    this.keep();
  }

  /** Called after something changed its size. */
  keep(): void {
    const { scrollHeight } = this.#scroller;
    if (this.#holding && scrollHeight !== this.#lastHeight) {
      this.#holding = false;
      this.#set(this.#distance() <= NEAR);
    }
    if (this.#following && !this.#holding) this.#scroller.scrollTop = scrollHeight;
    this.#remember();
  }

  /** The next change of size is the user's doing: it must not scroll. */
  hold(): void {
    this.#holding = true;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight } = this.#scroller;
    const up = scrollTop < this.#lastTop - 1 && scrollHeight >= this.#lastHeight;
    if (up && this.#distance() > 1) this.#set(false);
    else if (!up && this.#distance() <= NEAR) this.#set(true);
    this.#remember();
  }

  #distance(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  #set(following: boolean): void {
    if (this.#following === following) return;
    this.#following = following;
    this.#changed();
  }

  #remember(): void {
    this.#lastTop = this.#scroller.scrollTop;
    this.#lastHeight = this.#scroller.scrollHeight;
  }
}
