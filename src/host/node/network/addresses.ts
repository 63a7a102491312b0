import { BlockList, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { plainAddress } from "./target.ts";

const V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"],
];
/** Public addresses of IPv6 all lie in 2000::/3; of these, tunnels carry addresses of IPv4 that nobody has looked at. */
const PUBLIC_V6 = "2000::/3";
const TUNNELS = ["2001::/32", "2002::/16"];

const privateV4 = blockList(V4, "ipv4");
const publicV6 = blockList([PUBLIC_V6], "ipv6");
const tunnels = blockList(TUNNELS, "ipv6");

/** Whether the address is one of the Internet, and not of this machine or of a network that it is in: what a name there should lead to. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address);
  if (ownAddresses().has(plain)) return false;
  if (isIPv4(plain)) return !privateV4.check(plain, "ipv4");
  return publicV6.check(plain, "ipv6") && !tunnels.check(plain, "ipv6");
}

function ownAddresses(): Set<string> {
  return new Set(Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)));
}

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
