import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { isPublicAddress } from "../../../../src/host/node/network/addresses.ts";

function check(address: string, expected: boolean): void {
  test(`${address} is ${expected ? "an address of the Internet" : "this machine's or near it"}`, () => {
    assert.equal(isPublicAddress(address), expected);
  });
}

for (const address of ["1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"])
  check(address, true);
for (const address of [
  ...[
    "0.0.0.0",
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
  ],
  ...[
    "100.64.0.1",
    "168.63.129.16",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
  ],
  ...["::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "::127.0.0.1"],
]) {
  check(address, false);
}
for (const { address } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) check(address, false);

/** Beside a machine with these addresses. */
function checkBeside(cidrs: readonly string[], address: string, expected: boolean): void {
  test(`${address} beside ${cidrs.join(", ")} is ${expected ? "an address of the Internet" : "near"}`, () => {
    const own = cidrs.map((cidr) => {
      const [address = ""] = cidr.split("/");
      const rest = { address, cidr, netmask: "", mac: "", internal: false };
      return address.includes(":")
        ? ({ ...rest, family: "IPv6", scopeid: 0 } as const)
        : ({ ...rest, family: "IPv4" } as const);
    });
    assert.equal(isPublicAddress(address, { eth0: own }), expected);
  });
}
const HOME = ["2a02:8070:1:2::5/64", "203.0.114.5/24"];
checkBeside(HOME, "2a02:8070:1:2::9", false);
checkBeside(HOME, "2a02:8070:1:3::9", true);
checkBeside(HOME, "203.0.114.200", false);
checkBeside(HOME, "203.0.115.5", true);
checkBeside(["2a02:8070:1:2::5/0"], "2a02:8070:1:2::9", true);
checkBeside(["2a02:8070:1:2::5/0"], "2a02:8070:1:2::5", false);
