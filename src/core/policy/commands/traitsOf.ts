import { rows } from "./knownPrograms.ts";
import type { Traits } from "./traits.ts";

const table = new Map<string, Traits>();
for (const [names, traits] of rows)
  for (const name of names.split(/\s+/)) table.set(name, { ...table.get(name), ...traits });

/** Of a program, by whatever path it is named and in whatever version, such as python3.12. */
export function traitsOf(program: string): Traits {
  const name = nameOf(program);
  return table.get(name) ?? table.get(name.replace(/[\d.]+$/, "")) ?? {};
}

/** The last part of the path by which a program is named. */
export function nameOf(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1);
}
