/** Fields that are for the next program alone, here the proxy. */
const HOP_BY_HOP = new Set(
  `connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade expect`.split(
    " ",
  ),
);

/** The values of a field; `raw` has names and values in turn. */
export function valuesOf(raw: readonly string[], name: string): string[] {
  return pairsOf(raw).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}

/** What goes on to the other side: all but what is for the proxy, what `Connection` names, and what is left out. */
export function endToEnd(raw: readonly string[], leftOut: readonly string[]): string[] {
  const named = valuesOf(raw, "connection").flatMap((value) =>
    value
      .toLowerCase()
      .split(",")
      .map((one) => one.trim()),
  );
  const dropped = new Set([...HOP_BY_HOP, ...named, ...leftOut]);
  return pairsOf(raw)
    .filter(([key]) => !dropped.has(key.toLowerCase()))
    .flat();
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? "", raw[2 * index + 1] ?? ""]);
}
