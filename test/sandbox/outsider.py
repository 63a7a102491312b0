"""Everything outside the sandbox that an attack could reach: it listens in every way, holds what nobody else knows, and writes down what it hears."""
import ctypes, json, os, selectors, socket, sys

folder, secret = sys.argv[1], sys.argv[2]
os.environ["OUTSIDER_SECRET"] = secret
libc = ctypes.CDLL(None, use_errno=True)
selector = selectors.DefaultSelector()
places = {}


def listen(name, family, kind, address):
    try:
        one = socket.socket(family, kind)
        one.bind(address)
        if kind == socket.SOCK_STREAM:
            one.listen(64)
    except OSError:
        return
    one.setblocking(False)
    selector.register(one, selectors.EVENT_READ, kind)
    places[name] = one.getsockname()[1] if family in (socket.AF_INET, socket.AF_INET6) else address.lstrip("\0")


def own_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


name = os.path.basename(folder)
shared = "/tmp/" + name
os.makedirs(shared, exist_ok=True)
listen("TCP", socket.AF_INET, socket.SOCK_STREAM, ("0.0.0.0", 0))
listen("TCP6", socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0))
listen("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 0))
listen("SOCKET_TMP", socket.AF_UNIX, socket.SOCK_STREAM, shared + "/stream.sock")
listen("SOCKET_HOME", socket.AF_UNIX, socket.SOCK_STREAM, folder + "/home/stream.sock")
listen("SOCKET_WORKSPACE", socket.AF_UNIX, socket.SOCK_STREAM, folder + "/stream.sock")
listen("SOCKET_RUN", socket.AF_UNIX, socket.SOCK_STREAM, "/run/" + name + ".sock")
listen("DATAGRAM_TMP", socket.AF_UNIX, socket.SOCK_DGRAM, shared + "/datagram.sock")
listen("ABSTRACT", socket.AF_UNIX, socket.SOCK_STREAM, "\0" + name)
listen("ABSTRACT_DATAGRAM", socket.AF_UNIX, socket.SOCK_DGRAM, "\0" + name + "-datagram")

key = 0x50000000 + os.getpid()
shm = libc.shmget(key, 4096, 0o1666)
libc.shmat.restype = ctypes.c_void_p
at = libc.shmat(shm, None, 0)
ctypes.memmove(at, secret.encode(), len(secret))
libc.shmctl(shm, 0, None)  # IPC_RMID: it goes with this process.
queue = "/" + name
libc.mq_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
mq = libc.mq_open(queue.encode(), os.O_CREAT | os.O_RDWR, 0o666, None)
if mq >= 0:
    libc.mq_send(mq, secret.encode(), len(secret), 0)
memory = "/dev/shm/" + name
with open(memory, "w") as file:
    file.write(secret)
buffer = ctypes.create_string_buffer(secret.encode())

places.update(LAN=own_address(), PID=os.getpid(), SHM=key, QUEUE=queue, MEMORY=memory, BUFFER=ctypes.addressof(buffer))
print(json.dumps({key: str(value) for key, value in places.items()}), flush=True)

selector.register(sys.stdin, selectors.EVENT_READ, None)
heard = open(folder + "/heard", "a", buffering=1)
done = False
while not done:
    for event, _ in selector.select():
        one, kind = event.fileobj, event.data
        if kind is None:
            done = sys.stdin.buffer.raw.read(1) == b""
        elif kind == socket.SOCK_STREAM:
            accepted, _ = one.accept()
            accepted.settimeout(1)
            try:
                heard.write(accepted.recv(200).decode("latin1") + "\n")
            except OSError:
                pass
            accepted.close()
        else:
            heard.write(one.recv(200).decode("latin1") + "\n")
        heard.flush()

libc.mq_unlink(queue.encode())
os.unlink(memory)
for name in ("SOCKET_RUN",):
    if name in places:
        os.unlink(places[name])
