import type { CommandLine } from "../../../host/host.ts";
import { whyBanned } from "./bannedPrefix.ts";
import { isLooking, type LookingPlace } from "./looking.ts";
import { lookOf } from "./readers.ts";

type Argv = readonly string[];

/** Programs that do what their next word says. */
const SUBCOMMANDS = words(`
  git npm pnpm yarn bun deno npx bunx uv uvx pip pip3 pipx poetry bundle cargo rustup go make just task rake gradle gradlew mvn dotnet mix
  composer docker podman kubectl helm terraform gh glab brew apt apt-get dnf systemctl nx turbo lerna ng vite next hatch tox nox conda`);
/** Of these, next words that a third one says more of. */
const WITH_A_THIRD = words("run exec tool compose task stash pr issue repo workflow -m");
/** Interpreters, which take a file. */
const INTERPRETERS = /^(python|pypy|node|ruby|perl|php|lua|julia|Rscript)[\d.]*$/;
/** Programs whose other arguments can do harm of quite another size. */
const NEVER = words(`
  rm rmdir dd mv cp ln chmod chown chgrp kill pkill killall shred truncate tee install mkfs mount umount shutdown reboot halt
  curl wget nc ncat socat scp sftp ftp telnet openssl gpg passwd useradd usermod iptables security defaults`);

/**
 * The words that "allow always" would cover: of the one command of the line that does something beside looking. What the model wants counts when
 * that command begins so and it is not too wide. Undefined when nothing sensible can be offered.
 */
export function proposedPrefix(
  line: CommandLine | undefined,
  place: LookingPlace,
  wanted?: readonly string[] | null,
): readonly string[] | undefined {
  if (!line?.plain) return undefined;
  const acting = line.commands.filter((argv) => !isLooking({ plain: true, commands: [argv] }, place));
  const [argv] = acting;
  if (!argv || !acting.every((other) => JSON.stringify(other) === JSON.stringify(argv))) return undefined;
  if (NEVER.has(nameOf(argv))) return undefined;
  if (wanted && wanted.length > 0 && wanted.every((word, index) => word === argv[index]) && !whyBanned(wanted))
    return wanted;
  const prefix = sensible(argv);
  return prefix && !whyBanned(prefix) ? prefix : undefined;
}

function sensible(argv: Argv): Argv | undefined {
  const [program = "", next = ""] = argv;
  const name = nameOf(argv);
  if (lookOf([name, "."]) !== undefined) return undefined;
  if (SUBCOMMANDS.has(name) || INTERPRETERS.test(name)) return argv.slice(0, WITH_A_THIRD.has(next) ? 3 : 2);
  return /^[a-z][a-z0-9:_-]*$/.test(next) ? argv.slice(0, 2) : [program];
}

function nameOf([program = ""]: Argv): string {
  return program.slice(program.lastIndexOf("/") + 1);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ""));
}
