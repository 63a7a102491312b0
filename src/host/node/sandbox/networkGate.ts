import type { Duplex } from "node:stream";
import type { HostFilter } from "../../sandbox.ts";

/** The way out of a confined command that has no network but what a filter lets through. */
export interface NetworkGate {
  /** What the command is started with, before its own words: a program that gets one end of a connection as this descriptor. */
  prefix(descriptor: number): readonly string[];
  /** What the command needs in its environment to go through the gate. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes the other end of that connection, once the command has started. */
  attach(connection: Duplex): void;
  /** The command has ended, or did not start. */
  close(): void;
}

export type OpenGate = (filter: HostFilter) => NetworkGate;
