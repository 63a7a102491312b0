import type { HiddenPath, Layout } from "./layout.ts";

/** What differs between machines and commands, beside the layout. */
export interface BubblewrapSetting {
  readonly network: "off" | "on";
  /** Options that this bubblewrap knows, such as "--disable-userns". */
  readonly knows: ReadonlySet<string>;
  /** An empty file that can be read, to stand where one is hidden. */
  readonly emptyFile: string;
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
    ...layout.hidden.flatMap((hidden) => hide(hidden, setting)),
    ...layout.readable.flatMap((path) => ["--ro-bind", path, path]),
    ...layout.hidden.filter(({ kind }) => kind === "folder").flatMap(({ path }) => ["--remount-ro", path]),
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

function hide({ path, kind }: HiddenPath, setting: BubblewrapSetting): readonly string[] {
  if (kind === "file") return ["--ro-bind", setting.emptyFile, path];
  return emptyFolder(path, { size: SMALL, mode: "0755" }, setting);
}
