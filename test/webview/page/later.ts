let onTheWay = 0;

/** Does it a moment later, as whatever one end sends comes to the other. */
export function later(arrive: () => void): void {
  onTheWay++;
  setTimeout(() => {
    onTheWay--;
    arrive();
  }, 0);
}

/** True when nothing is on its way between the panel and its far end. */
export function isIdle(): boolean {
  return onTheWay === 0;
}
