import type { HiddenPath, Layout } from "./layout.ts";
import { isInside } from "./lookAround.ts";

/** What differs between machines and commands, beside the layout. */
export interface BubblewrapSetting {
  readonly network: "off" | "on";
  /** Options that this bubblewrap knows, such as "--disable-userns". */
  readonly knows: ReadonlySet<string>;
  /** An empty file that can be read, to stand where one is hidden. */
  readonly emptyFile: string;
  /** The same for a folder; undefined where there is none. It takes less time than making one. */
  readonly emptyFolder: string | undefined;
  /** Folders of /run that programs need to be found or to find hosts; those that are not there are left out. */
  readonly runFolders: readonly string[];
  /** The descriptor of the filter of system calls. */
  readonly filterAt: number;
  /** The descriptor for the report of what was started. */
  readonly reportAt: number;
  /** All variables of the command. */
  readonly env: Readonly<Record<string, string>>;
}

/** In bytes, so that a command which fills them is stopped before the machine is. */
const SHARED_MEMORY = 2 * 2 ** 30;
const TEMPORARY = 4 * 2 ** 30;
const SMALL = 2 ** 20;

/**
 * The options of bubblewrap for a command, as it reads them from a descriptor: what stands there shows in no list of processes. Later mounts
 * win over earlier ones: first what is there, then what can be written, what is hidden, and last what is protected.
 */
export function bubblewrapArgs(layout: Layout, setting: BubblewrapSetting): readonly string[] {
  return [
    ...namespaces(setting),
    ...["--seccomp", String(setting.filterAt), "--info-fd", String(setting.reportAt)],
    ...(layout.writable.includes("/") ? ["--bind", "/", "/"] : ["--ro-bind", "/", "/"]),
    ...system(setting),
    ...layout.emptied.flatMap((path) => emptyFolder(path, { size: TEMPORARY, mode: "1777" }, setting)),
    ...layout.kept.flatMap((path) => ["--ro-bind", path, path]),
    ...layout.writable.filter((path) => path !== "/").flatMap((path) => ["--bind", path, path]),
    ...layout.hidden.flatMap((hidden) => hide(hidden, { layout, setting })),
    ...layout.readable.flatMap((path) => ["--ro-bind", path, path]),
    ...layout.hidden
      .filter((hidden) => isMade(hidden, { layout, setting }))
      .flatMap(({ path }) => ["--remount-ro", path]),
    ...layout.protected.flatMap((path) => ["--ro-bind", path, path]),
    ...["--chdir", layout.cwd],
    ...Object.entries(setting.env).flatMap(([name, value]) => ["--setenv", name, value]),
  ];
}

/** A session of its own keeps the command from the terminal of whoever runs Patchwright. */
function namespaces({ network, knows }: BubblewrapSetting): readonly string[] {
  return [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(network === "off" ? ["--unshare-net"] : []),
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...(knows.has("--disable-userns") ? ["--disable-userns"] : []),
  ];
}

/** /proc is read-only: an administrator could otherwise set kernel parameters such as core_pattern, which are files of his there. */
function system(setting: BubblewrapSetting): readonly string[] {
  return [
    ...["--dev", "/dev"],
    ...emptyFolder("/dev/shm", { size: SHARED_MEMORY, mode: "1777" }, setting),
    ...["--remount-ro", "/dev", "--proc", "/proc", "--remount-ro", "/proc"],
    ...emptyFolder("/run", { size: SMALL, mode: "0755" }, setting),
    ...setting.runFolders.flatMap((path) => ["--ro-bind-try", path, path]),
  ];
}

interface FolderKind {
  /** In bytes. */
  readonly size: number;
  /** Permissions, in octal digits. */
  readonly mode: string;
}

function emptyFolder(path: string, { size, mode }: FolderKind, { knows }: BubblewrapSetting): readonly string[] {
  const limit = knows.has("--size") ? ["--size", String(size)] : [];
  const permissions = knows.has("--perms") ? ["--perms", mode] : [];
  return [...permissions, ...limit, "--tmpfs", path];
}

interface Cover {
  readonly layout: Layout;
  readonly setting: BubblewrapSetting;
}

function hide(hidden: HiddenPath, cover: Cover): readonly string[] {
  const { path, kind } = hidden;
  const { setting } = cover;
  if (isMade(hidden, cover)) return emptyFolder(path, { size: SMALL, mode: "0755" }, setting);
  return ["--ro-bind", kind === "file" ? setting.emptyFile : (setting.emptyFolder ?? path), path];
}

/** Whether it is covered by a folder of its own, in which other mounts have room. */
function isMade({ path, kind }: HiddenPath, { layout, setting }: Cover): boolean {
  if (kind === "file") return false;
  return setting.emptyFolder === undefined || layout.readable.some((one) => isInside(path, one));
}
