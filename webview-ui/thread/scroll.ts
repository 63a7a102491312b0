/** This near to the end counts as being there, in pixels. */
const NEAR = 40;
/** Longer than a row takes to open. */
const HOLD_MS = 250;

/** Keeps a scrolling element at its end while the user is there, and leaves it alone otherwise. */
export class EndFollower {
  readonly #scroller: HTMLElement;
  readonly #changed: () => void;
  #following = true;
  #lastTop = 0;
  #lastHeight = 0;
  /** Runs while the user's own change of size takes place. */
  #holding: ReturnType<typeof setTimeout> | undefined;

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
    this.#release();
    this.#begin();
    this.keep();
  }

  /** Called after something changed its size. */
  keep(): void {
    if (this.#following && this.#holding === undefined) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#remember();
  }

  /** The change of size that comes now is the user's doing: it must not scroll. Afterwards the end is followed if it is still near. */
  hold(): void {
    clearTimeout(this.#holding);
    this.#holding = setTimeout(() => {
      this.#release();
      if (this.#distance() > NEAR) this.#stop();
    }, HOLD_MS);
  }

  #release(): void {
    clearTimeout(this.#holding);
    this.#holding = undefined;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight } = this.#scroller;
    const up = scrollTop < this.#lastTop - 1 && scrollHeight >= this.#lastHeight;
    if (up && this.#distance() > 1) this.#stop();
    else if (!up && this.#distance() <= NEAR) this.#begin();
    this.#remember();
  }

  #distance(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  #begin(): void {
    if (this.#following) return;
    this.#following = true;
    this.#changed();
  }

  #stop(): void {
    if (!this.#following) return;
    this.#following = false;
    this.#changed();
  }

  #remember(): void {
    this.#lastTop = this.#scroller.scrollTop;
    this.#lastHeight = this.#scroller.scrollHeight;
  }
}
