/** What `git init`, `git clone` and everyday commands write, and what makes git start no program: by section, in lower case. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  core: `repositoryformatversion filemode bare logallrefupdates ignorecase precomposeunicode symlinks autocrlf eol safecrlf longpaths
    sparsecheckout sparsecheckoutcone untrackedcache compression preloadindex commentchar abbrev quotepath protectntfs protecthfs
    sharedrepository hidedotfiles`.split(/\s+/),
  extensions: "objectformat compatobjectformat partialclone worktreeconfig refstorage preciousobjects".split(" "),
  remote: "url pushurl fetch push tagopt prune promisor partialclonefilter mirror".split(" "),
  branch: "remote merge rebase pushremote description".split(" "),
  submodule: "url active branch ignore fetchrecursesubmodules recurse".split(" "),
  user: "name email signingkey".split(" "),
  author: ["name", "email"],
  committer: ["name", "email"],
  init: ["defaultbranch"],
  pull: ["rebase", "ff"],
  push: ["default", "autosetupremote", "followtags"],
  fetch: ["prune", "prunetags", "writecommitgraph"],
  rebase: ["autostash", "autosquash"],
  merge: ["conflictstyle", "ff"],
  index: ["version", "threads", "sparse"],
  feature: ["manyfiles"],
  gc: ["auto", "autodetach"],
  maintenance: ["auto", "strategy"],
  lfs: ["repositoryformatversion"],
  commit: ["gpgsign"],
  tag: ["gpgsign"],
};

/**
 * Whether nothing in this configuration of a repository can make git run a program or read other configuration. What is not understood counts as
 * if it could. `core.worktree` is plain in a submodule's, where it leads back up to its files.
 */
export function isPlainConfig(text: string): boolean {
  let section = "";
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const header = /^\[([a-z][a-z0-9-]*)(?: "((?:[^"\\]|\\["\\])*)")?\]$/i.exec(line);
    if (header !== null) section = (header[1] ?? "").toLowerCase();
    else if (!isPlainLine(section, line)) return false;
  }
  return true;
}

function isPlainLine(section: string, line: string): boolean {
  const [, key = "", value = ""] = /^([a-z][a-z0-9-]*)(?:\s*=\s*(.*))?$/i.exec(line) ?? [];
  const name = key.toLowerCase();
  // A line that goes on in the next one may hide what follows it.
  if (name === "" || value.endsWith("\\")) return false;
  if (section === "core" && name === "worktree") return /^(\.\.\/)+[\w./ @+-]+$/.test(value);
  if (!Object.hasOwn(PLAIN, section) || !PLAIN[section]?.includes(name)) return false;
  // A branch may name an address in place of a remote.
  if (section === "branch" && /^(push)?remote$/.test(name)) return /^"?[\w.-]+"?$/.test(value);
  // An address such as `ext::sh -c ...` is a command.
  return !/^(url|pushurl)$/.test(name) || !/^["\s]*(-|[\w-]+::)/.test(value);
}
