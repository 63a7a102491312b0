import { check, saidReached, useArena, wasHeard } from "../attack.ts";

useArena();

const SEND = (family: string, kind: string, address: string) => `
one = socket.socket(socket.${family}, socket.${kind})
one.settimeout(2)
one.connect(${address})
one.send(token)`;
const heardAt = (family: string, kind: string, address: string) => ({
  python: SEND(family, kind, address),
  reached: wasHeard,
});

check("a server of this machine", heardAt("AF_INET", "SOCK_STREAM", '("127.0.0.1", int(env["TCP"]))'));
check("the same by the newer protocol", heardAt("AF_INET6", "SOCK_STREAM", '("::1", int(env["TCP6"]))'));
check("the same by the network's address", heardAt("AF_INET", "SOCK_STREAM", '(env["LAN"], int(env["TCP"]))'));
check("the same by the address of every machine", heardAt("AF_INET", "SOCK_STREAM", '("0.0.0.0", int(env["TCP"]))'));
check("the same by bash", { bash: 'echo "$TOKEN" > "/dev/tcp/127.0.0.1/$TCP"', reached: wasHeard });
check("a datagram to this machine", heardAt("AF_INET", "SOCK_DGRAM", '("127.0.0.1", int(env["UDP"]))'));
check("a datagram by the network's address", heardAt("AF_INET", "SOCK_DGRAM", '(env["LAN"], int(env["UDP"]))'));
check("a command that may only look", {
  ...heardAt("AF_INET", "SOCK_STREAM", '("127.0.0.1", int(env["TCP"]))'),
  mode: "readOnly",
});

const local = (address: string) => heardAt("AF_UNIX", "SOCK_STREAM", address);
check("a socket among the temporary files", local('env["SOCKET_TMP"]'));
check("a socket in the home folder", local('env["SOCKET_HOME"]'));
check("a socket beside the workspace", local('env["SOCKET_WORKSPACE"]'));
check("a socket in /run", { ...local('env["SOCKET_RUN"]'), unshown: "user" });
check("a socket with an abstract name", local('"\\0" + env["ABSTRACT"]'));
check("a socket with an abstract name, with the network on", {
  ...local('"\\0" + env["ABSTRACT"]'),
  networkAccess: true,
});
check("a socket among the temporary files, with the network on", {
  ...local('env["SOCKET_TMP"]'),
  networkAccess: true,
});
check("a datagram to a socket", heardAt("AF_UNIX", "SOCK_DGRAM", 'env["DATAGRAM_TMP"]'));
check("a datagram from one of a pair of sockets", {
  python: `
one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
one.sendto(token, env["DATAGRAM_TMP"])`,
  reached: wasHeard,
});
check("a datagram with an abstract name from one of a pair of sockets", {
  python: `
one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
one.connect("\\0" + env["ABSTRACT_DATAGRAM"]); one.send(token)`,
  reached: wasHeard,
});
check("one of a pair of connected sockets that is connected anew", {
  python: `
one, other = socket.socketpair()
other.close(); one.shutdown(socket.SHUT_RDWR)
one.connect(env["SOCKET_TMP"]); one.send(token)`,
  reached: wasHeard,
  unshown: "the kernel connects such a socket only once",
});
check("descriptors that were left open", {
  python: `
for one in range(3, 256):
    try: where = os.readlink(f"/proc/self/fd/{one}")
    except OSError: continue
    if not where.startswith(("/proc/", "/dev/null")): reached()`,
  reached: saidReached,
  unshown: "it depends on who started the tests",
});
check("packets of one's own making", {
  python: "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP); reached()",
  reached: saidReached,
  unshown: "user",
});
check("packets below the protocols", {
  python: "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3); reached()",
  reached: saidReached,
  unshown: "user",
});
check("the same with the network on", {
  python: "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3); reached()",
  networkAccess: true,
  reached: saidReached,
  unshown: "user",
});
check("the kernel's table of all sockets", {
  python: "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4); reached()",
  networkAccess: true,
  reached: saidReached,
});
check("what the kernel tells of devices", {
  python: "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15).bind((0, 1)); reached()",
  reached: saidReached,
});
check("the machine below a virtual one", {
  python: "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM); reached()",
  reached: saidReached,
  unshown: "not every kernel has it",
});
check("ciphers of the kernel", {
  python: "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET); reached()",
  reached: saidReached,
  unshown: "not every kernel has it",
});
check("the network of another process", {
  python: `
call("setns", os.open(f"/proc/{env['PID']}/ns/net", os.O_RDONLY), 0)
${SEND("AF_INET", "SOCK_STREAM", '("127.0.0.1", int(env["TCP"]))')}`,
  reached: wasHeard,
  unshown: "user",
});
check("a ring of requests to the kernel, which makes sockets, too", {
  python: 'call("io_uring_setup", 8, ctypes.create_string_buffer(256)); reached()',
  reached: saidReached,
  unshown: "some systems have it off",
});
