/** What is known of a machine on which bubblewrap could not confine a command. */
export interface FailureFacts {
  /** What bubblewrap printed, or what was wrong with the command that it ran. */
  readonly output: string;
  /** The content of a file; undefined when there is none or it may not be read. */
  read(path: string): string | undefined;
}

/** A sentence for the user, and what to do. */
export function explainFailure({ output, read }: FailureFacts): string {
  const is = (path: string, value: string) => read(path)?.trim() === value;
  if (!/namespace|uid map|loopback|mount|Operation not permitted|Permission denied/i.test(output)) {
    return `bubblewrap does not work here (${shortened(output)}). Run \`bwrap --ro-bind / / true\` in a terminal to see why.`;
  }
  if (is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
    return "AppArmor forbids the user namespaces that bubblewrap needs, as Ubuntu does since 23.10. An administrator can allow them for bwrap with a profile in /etc/apparmor.d, or for all programs with `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`.";
  }
  if (is("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
    return "This system forbids the user namespaces that bubblewrap needs. An administrator can allow them with `sudo sysctl kernel.unprivileged_userns_clone=1`.";
  }
  if (is("/proc/sys/user/max_user_namespaces", "0")) {
    return "This system allows no user namespaces, which bubblewrap needs. An administrator can allow them with `sudo sysctl user.max_user_namespaces=10000`.";
  }
  return `bubblewrap may not make the namespaces or mounts that it needs (${shortened(output)}). In a container, its runtime has to allow user namespaces.`;
}

function shortened(output: string): string {
  const line = output.trim().split("\n").at(-1) ?? "";
  return line === "" ? "it says nothing" : line.slice(0, 200);
}
