import type { Look } from "./look.ts";

/** Tests and actions of find that only look, by how many words follow each. */
const WORDS = new Map<string, number>([
  ...zero("-empty -print -print0 -prune -o -or -a -and -not -depth -mount -xdev -ls -quit -true -false"),
  ...zero("-readable -writable -executable -nouser -nogroup -daystart -noleaf ! ( ) ,"),
  ...one(
    "-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname -type -xtype -maxdepth",
  ),
  ...one(
    "-mindepth -size -mtime -mmin -atime -amin -ctime -cmin -user -group -uid -gid -perm -links -inum -fstype -printf -newermt -newerat -newerct",
  ),
]);
/** Followed by a file to compare with. */
const FILES = /^-(newer([aBcm][aBcm])?|[ac]newer|samefile)$/;

function zero(names: string): [string, number][] {
  return names.split(" ").map((name) => [name, 0]);
}

function one(names: string): [string, number][] {
  return names.split(" ").map((name) => [name, 1]);
}

/** What find looks at. Its actions that run, write or delete are unknown here, as are all others that are not in the tables. */
export function readFind(args: readonly string[]): Look | undefined {
  const options = args.findIndex((arg) => !/^-[HLP]$/.test(arg));
  const rest = options < 0 ? [] : args.slice(options);
  const begin = rest.findIndex((arg) => /^[-!(),]/.test(arg));
  const paths = begin < 0 ? [...rest] : rest.slice(0, begin);
  for (let at = begin < 0 ? rest.length : begin; at < rest.length; at++) {
    const word = rest[at] ?? "";
    const following = FILES.test(word) ? 1 : WORDS.get(word);
    if (following === undefined || at + following >= rest.length) return undefined;
    if (FILES.test(word)) paths.push(rest[at + 1] ?? "");
    at += following;
  }
  return { paths };
}
