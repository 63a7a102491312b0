import process from "node:process";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls back at the first signal that asks this process to stop. At a second one the process ends as the system does it. */
export function onStopSignal(stop: () => void): void {
  const first = () => {
    for (const signal of STOP_SIGNALS) process.removeListener(signal, first);
    stop();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, first);
}
