/** A command that tries to leave something behind. */
export interface Leftover {
  readonly what: string;
  /** For /bin/sh, in a folder of its own with `linger`, which is `sleep` under another name, and `hop.sh`. */
  readonly script: string;
  /** How many processes it has at least once it has begun; 1 when absent. */
  readonly count?: number;
  readonly tty?: true;
  /** Whether the command itself ends, and others stay. */
  readonly leader?: "ends";
}

/** Confined, everything ends with the command itself: so that there is something to be left, it goes on. */
export const confinedScript = ({ script, leader }: Leftover) => (leader ? `${script}\nexec ./linger 300` : script);
export const leastCount = ({ count = 1, leader }: Leftover, how: "plain" | "confined") =>
  how === "confined" && leader ? count + 1 : count;

/** Starts the next of its kind, in a session of its own, and ends: as often as its argument says. */
export const hopScript = '[ "$1" -gt 0 ] || exit 0; ./linger 0.02; setsid sh ./hop.sh $(($1 - 1)) &';

export const leftovers: readonly Leftover[] = [
  { what: "a process that does nothing", script: "exec ./linger 300" },
  { what: "a child", script: "./linger 300; true", count: 2 },
  { what: "a child in the background that holds the output", script: "./linger 300 &", leader: "ends" },
  { what: "a child with its output elsewhere", script: "./linger 300 > /dev/null 2>&1 < /dev/null &", leader: "ends" },
  { what: "setsid", script: "setsid ./linger 300; true", count: 2 },
  { what: "setsid in the background", script: "setsid ./linger 300 > /dev/null 2>&1 &", leader: "ends" },
  { what: "a double fork", script: "(setsid sh -c '(./linger 300 &)' &)", leader: "ends" },
  { what: "ignored signals", script: "trap '' TERM INT HUP QUIT USR1 USR2 PIPE; ./linger 300; true", count: 2 },
  { what: "a loop that ignores signals", script: "trap '' TERM INT HUP; while :; do ./linger 0.1; done" },
  { what: "a stopped process", script: "./linger 300 & kill -STOP $!; wait", count: 2 },
  {
    what: "a stopped shell that ignores signals",
    script: "trap '' TERM INT HUP; ./linger 300 & kill -STOP $$",
    count: 2,
  },
  { what: "nohup", script: "nohup ./linger 300 > /dev/null 2>&1 &", leader: "ends" },
  { what: "disown", script: "bash -c './linger 300 & disown -a'", leader: "ends" },
  { what: "the name of a thread of the kernel", script: "exec bash -c 'exec -a \"[kworker/0:1]\" ./linger 300'" },
  { what: "a name that looks dead", script: "cp linger 'x) Z 1 1'; exec './x) Z 1 1' 300" },
  { what: "an empty environment", script: "env -i ./linger 300 &", leader: "ends" },
  { what: "an empty environment, a double fork", script: "(env -i setsid sh -c '(./linger 300 &)' &)", leader: "ends" },
  {
    what: "a daemon: no environment, no descriptors, another folder",
    script: `env -i setsid bash -c 'cd /; exec 0<&- 1>&- 2>&-; trap "" TERM HUP; ("$0" 300 &)' "$PWD/linger"`,
    leader: "ends",
  },
  { what: "another mark", script: "PATCHWRIGHT_COMMAND_ID=other setsid ./linger 300 &", leader: "ends" },
  { what: "another limit", script: "(bash -c 'ulimit -S -x 7; exec setsid ./linger 300' &)", leader: "ends" },
  {
    what: "no mark at all below a process that has one",
    script: "bash -c 'ulimit -S -x 7; env -i setsid ./linger 300; true'",
    count: 2,
  },
  { what: "one that starts the next and ends", script: "sh ./hop.sh 400 > /dev/null 2>&1 &", leader: "ends" },
  {
    what: "one more every 20 ms",
    script: "trap '' TERM HUP; for i in $(seq 300); do ./linger 2 & ./linger 0.02; done; wait",
    count: 5,
  },
  { what: "a terminal", script: "trap '' HUP TERM; ./linger 300; true", tty: true, count: 2 },
  { what: "setsid from a terminal", script: "trap '' HUP; setsid ./linger 300 & wait", tty: true, count: 2 },
];
