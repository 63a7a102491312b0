import type { CommandLine } from "../../../host/shellSyntax.ts";
import { type RuleReach, whyBanned } from "./bannedPrefix.ts";
import { isLooking, type LookingPlace } from "./looking.ts";
import { lookOf } from "./readers.ts";
import { staysClosed } from "./staysClosed.ts";
import { nameOf, traitsOf } from "./traitsOf.ts";

type Argv = readonly string[];

/** Next words that a third one says more of. */
const WITH_A_THIRD = new Set("run exec tool compose task stash pr mr issue repo workflow push submodule -m".split(" "));

interface Wish {
  /** What the model would have. */
  readonly wanted?: readonly string[] | null | undefined;
  readonly reach: RuleReach;
}

/**
 * The words that "allow always" would cover: of the one command of the line that does something beside looking. What the model wants counts when
 * that command begins so and it is not too wide. Undefined when nothing sensible can be offered.
 */
export function proposedPrefix(
  line: CommandLine | undefined,
  place: LookingPlace,
  { wanted, reach }: Wish,
): readonly string[] | undefined {
  if (!line?.plain) return undefined;
  const acting = line.commands.filter((argv) => !isLooking({ plain: true, commands: [argv] }, place));
  const [argv] = acting;
  if (!argv || !acting.every((other) => JSON.stringify(other) === JSON.stringify(argv))) return undefined;
  if (traitsOf(argv[0] ?? "").harms) return undefined;
  const isFit = (prefix: Argv) => !whyBanned(prefix, reach) && (reach === "inside" || staysClosed(argv, prefix));
  if (wanted && wanted.length > 0 && wanted.every((word, index) => word === argv[index]) && isFit(wanted))
    return wanted;
  const prefix = sensible(argv);
  return prefix && isFit(prefix) ? prefix : undefined;
}

function sensible(argv: Argv): Argv | undefined {
  const [program = "", next = "", third = ""] = argv;
  const { words, code } = traitsOf(program);
  if (lookOf([nameOf(program), "."]) !== undefined) return undefined;
  const hasThird = WITH_A_THIRD.has(next) && !(next === "push" && third.startsWith("-"));
  if (words || code) return argv.slice(0, hasThird ? 3 : 2);
  return /^[a-z][a-z0-9:_-]*$/.test(next) ? argv.slice(0, 2) : [program];
}
