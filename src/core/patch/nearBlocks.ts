/** Lines [leftFrom, leftTo) of one text stand where lines [rightFrom, rightTo) of the other do. */
export interface LineBlock {
  readonly leftFrom: number;
  readonly leftTo: number;
  readonly rightFrom: number;
  readonly rightTo: number;
}

/** How many lines in a row must agree for two texts to be in step again. */
const RUN = 4;
/** How many lines of both sides together may lie between two places where the texts are in step. */
const MAX_APART = 100;

export interface NearBlocks {
  /** In order, and apart. */
  readonly found: readonly LineBlock[];
  /** From where on the texts do not come into step again within a few lines; undefined when they do to the end. */
  readonly rest: LineBlock | undefined;
}

/**
 * Where two texts differ, found by walking along both: after a difference, the nearest place where several lines in a row agree again counts.
 * Much cheaper than looking for lines in common where large texts differ little.
 */
export function nearBlocks(block: LineBlock, left: readonly string[], right: readonly string[]): NearBlocks {
  const found: LineBlock[] = [];
  let { leftFrom, rightFrom } = block;
  const { leftTo, rightTo } = block;
  while (leftFrom < leftTo && rightFrom < rightTo) {
    if (left[leftFrom] === right[rightFrom]) {
      leftFrom++;
      rightFrom++;
      continue;
    }
    const here = { leftFrom, leftTo, rightFrom, rightTo };
    const next = inStepAfter(here, left, right);
    if (!next) return { found, rest: here };
    found.push(next);
    leftFrom = next.leftTo;
    rightFrom = next.rightTo;
  }
  const isEnd = leftFrom === leftTo && rightFrom === rightTo;
  return { found: isEnd ? found : [...found, { leftFrom, leftTo, rightFrom, rightTo }], rest: undefined };
}

/** The shortest block at the beginning of this one after which the texts are in step. */
function inStepAfter(block: LineBlock, left: readonly string[], right: readonly string[]): LineBlock | undefined {
  const { leftFrom, leftTo, rightFrom, rightTo } = block;
  for (let apart = 1; apart <= MAX_APART; apart++) {
    for (let skipped = Math.max(0, apart - (rightTo - rightFrom)); skipped <= apart; skipped++) {
      const leftAt = leftFrom + skipped;
      const rightAt = rightFrom + apart - skipped;
      if (leftAt + RUN > leftTo || rightAt + RUN > rightTo) continue;
      let same = 0;
      while (same < RUN && left[leftAt + same] === right[rightAt + same]) same++;
      if (same === RUN) return { leftFrom, leftTo: leftAt, rightFrom, rightTo: rightAt };
    }
  }
  return undefined;
}
