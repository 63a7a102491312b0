import { lookup as lookUpName } from "node:dns/promises";
import { isIP } from "node:net";
import type { HostFilter, NetworkTarget } from "../../sandbox.ts";
import { systemCode } from "../errors.ts";
import { isPublicAddress } from "./addresses.ts";
import { isLocalName, plainAddress } from "./target.ts";

/** Whether a connection may be made, and to which addresses: those that were looked at, so that nobody asks a name server again. */
export type Admission =
  | { readonly kind: "admitted"; readonly addresses: readonly string[] }
  /** `reason` is a sentence for the model. */
  | { readonly kind: "refused" | "unknown"; readonly reason: string };

export type Admit = (target: NetworkTarget) => Promise<Admission>;

export interface AdmitOptions {
  readonly filter: HostFilter;
  /** All addresses of a name; a test may put its own in place. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
}

/**
 * Asks the filter about each connection; what asks for the same at the same time waits for one answer. A name is resolved only once it is allowed,
 * since a question to a name server carries words out. One that leads to this machine, or into a network that it is in, is refused unless the
 * filter allows that address by itself: whoever owns a name may point it anywhere.
 */
export function createAdmit({ filter, resolve = addressesOf }: AdmitOptions): Admit {
  const ask = createAsk(filter);
  return async (target) => {
    const { host, port } = target;
    if (!(await ask(target))) {
      const reason = `This command may not connect to ${host} (port ${port}). Nothing was sent there. Do not try other ways.`;
      return { kind: "refused", reason };
    }
    if (isIP(host) !== 0) return { kind: "admitted", addresses: [host] };
    if (isLocalName(host)) return { kind: "admitted", addresses: ["127.0.0.1", "::1"] };
    return admitName(target, { ask, resolve });
  };
}

type Ask = (target: NetworkTarget) => Promise<boolean>;

function createAsk(filter: HostFilter): Ask {
  const asked = new Map<string, Promise<boolean>>();
  return (target) => {
    const key = `${target.protocol} ${target.port} ${target.host}`;
    const open = asked.get(key);
    if (open !== undefined) return open;
    const answer = filter
      .allows(target)
      .catch(() => false)
      .finally(() => asked.delete(key));
    asked.set(key, answer);
    return answer;
  };
}

interface NameTools {
  readonly ask: Ask;
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

/** For a name that is allowed. */
async function admitName(target: NetworkTarget, { ask, resolve }: NameTools): Promise<Admission> {
  const { host } = target;
  let addresses: readonly string[];
  try {
    addresses = (await resolve(host)).map(plainAddress);
  } catch (error) {
    return { kind: "unknown", reason: `The name ${host} has no address (${systemCode(error) ?? "it was not found"}).` };
  }
  const open = addresses.filter((address) => isPublicAddress(address));
  if (open.length > 0) return { kind: "admitted", addresses: open };
  const [address] = addresses;
  if (address === undefined) return { kind: "unknown", reason: `The name ${host} has no address.` };
  if (await ask({ ...target, host: address })) return { kind: "admitted", addresses: [address] };
  const reason = `${host} leads to ${address}, which is this machine or in its own network. That address is not allowed.`;
  return { kind: "refused", reason };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookUpName(host, { all: true })).map(({ address }) => address);
}
