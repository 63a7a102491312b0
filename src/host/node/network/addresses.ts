import { BlockList, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { plainAddress } from "./target.ts";

const V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"],
  // It looks like any other, and is the host of a machine at Azure.
  "168.63.129.16/32",
];
/** Public addresses of IPv6 all lie in 2000::/3; of these, tunnels carry addresses of IPv4 that nobody has looked at. */
const PUBLIC_V6 = "2000::/3";
const TUNNELS = ["2001::/32", "2002::/16"];

type Interfaces = ReturnType<typeof networkInterfaces>;

/** A network that is wider, such as that of a tunnel for everything, says nothing of what is near. */
const SHORTEST_PREFIX = 8;

const privateV4 = blockList(V4, "ipv4");
const publicV6 = blockList([PUBLIC_V6], "ipv6");
const tunnels = blockList(TUNNELS, "ipv6");

/** Whether the address is one of the Internet, and not of this machine or of a network that it is in: what a name there should lead to. */
export function isPublicAddress(address: string, interfaces: Interfaces = networkInterfaces()): boolean {
  const plain = plainAddress(address);
  const family = isIPv4(plain) ? "ipv4" : "ipv6";
  if (ownNetworks(interfaces).check(plain, family)) return false;
  if (family === "ipv4") return !privateV4.check(plain, "ipv4");
  return publicV6.check(plain, "ipv6") && !tunnels.check(plain, "ipv6");
}

/** What is beside this machine has addresses of the Internet, too, and is often kept from there by a router alone. */
function ownNetworks(interfaces: Interfaces): BlockList {
  const list = new BlockList();
  for (const { address, cidr, family } of Object.values(interfaces).flatMap((all) => all ?? [])) {
    const kind = family === "IPv4" ? "ipv4" : "ipv6";
    const prefix = Number(cidr?.split("/")[1] ?? 0);
    list.addAddress(address, kind);
    if (prefix >= SHORTEST_PREFIX) list.addSubnet(address, prefix, kind);
  }
  return list;
}

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
