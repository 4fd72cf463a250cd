"""A real SFTP server with one thing wrong: SPOIL COMMAND..., where COMMAND is OpenSSH's sftp-server and SPOIL is JSON.

{"on": ["OPEN"]} says which requests are meant, "skip" how many of them are left alone first, and "at" for READ and WRITE from
which byte of the file on: what comes before it is still read or written. Then one of these happens:

"status": [4, "Failure"]   this status in place of the answer, and of the deed
"answer": "hex"            this packet, without its length and id, in place of the answer
"silence": true            no answer
"twice": true              two answers
"id": 7, "kind": 103, "length": 0, "count": 2   another one in the answer
"short": true              the answer ends behind its first field
"end": true                the server ends
"""

import json
import struct
import subprocess
import sys
import threading

KINDS = ["OPEN", "CLOSE", "READ", "WRITE", "LSTAT", "FSTAT", "SETSTAT", "FSETSTAT", "OPENDIR", "READDIR", "REMOVE",
         "MKDIR", "RMDIR", "REALPATH", "STAT", "RENAME", "READLINK", "SYMLINK"]
READ, WRITE, STATUS = 5, 6, 101
NAMES = {number + 3: name for number, name in enumerate(KINDS)}
NAMES[1], NAMES[200] = "INIT", "EXTENDED"

spoil = json.loads(sys.argv[1])
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
client_in, client_out = sys.stdin.buffer, sys.stdout.buffer
lock = threading.Lock()
spoilt = set()


def packets(stream):
    while head := stream.read(4):
        yield stream.read(struct.unpack(">I", head)[0])


def say(stream, packet):
    stream.write(struct.pack(">I", len(packet)) + packet)
    stream.flush()


def tell(packet):
    with lock:
        say(client_out, packet)


def status(id, code, text):
    text = text.encode("utf-8", "surrogateescape")
    return struct.pack(">BII", STATUS, id, code) + struct.pack(">I", len(text)) + text + struct.pack(">I", 0)


def string(packet, at):
    size = struct.unpack_from(">I", packet, at)[0]
    return at + 4 + size


def bounded(packet, limit):
    """A read or write that ends at the limit; None where nothing is left of it."""
    at = string(packet, 5)
    offset, size = struct.unpack_from(">QI", packet, at)
    left = limit - offset
    if left <= 0:
        return None
    if size <= left:
        return packet
    data = packet[at + 12:at + 12 + left] if packet[0] == WRITE else b""
    return packet[:at] + struct.pack(">QI", offset, left) + data


def answered(packet):
    """The answer to a request that is to be spoilt."""
    if "status" in spoil:
        return [status(struct.unpack_from(">I", packet, 1)[0], *spoil["status"])]
    if "answer" in spoil:
        answer = bytes.fromhex(spoil["answer"])
        return [answer[:1] + packet[1:5] + answer[1:]]
    if "id" in spoil:
        packet = packet[:1] + struct.pack(">I", spoil["id"]) + packet[5:]
    if "kind" in spoil:
        packet = bytes([spoil["kind"]]) + packet[1:]
    if "count" in spoil:
        packet = packet[:5] + struct.pack(">I", spoil["count"]) + packet[9:]
    if "short" in spoil:
        packet = packet[:9]
    if "silence" in spoil:
        return []
    return [packet] * (2 if "twice" in spoil else 1)


def answers():
    for packet in packets(server.stdout):
        id = struct.unpack_from(">I", packet, 1)[0] if packet[0] != 2 else None
        if id not in spoilt:
            tell(packet)
            continue
        spoilt.discard(id)
        for answer in answered(packet):
            if "length" in spoil:
                with lock:
                    client_out.write(struct.pack(">I", spoil["length"]) + answer)
                    client_out.flush()
            else:
                tell(answer)


threading.Thread(target=answers, daemon=True).start()
met = 0
for packet in packets(client_in):
    if NAMES.get(packet[0]) not in spoil["on"]:
        say(server.stdin, packet)
        continue
    if "at" in spoil and packet[0] in (READ, WRITE):
        left = bounded(packet, spoil["at"])
        if left == packet or left and packet[0] == READ:
            say(server.stdin, left)
            continue
        id = struct.unpack_from(">I", packet, 1)[0]
        if left:
            spoilt.add(id)
            say(server.stdin, left)
        elif "silence" not in spoil:
            tell(status(id, *spoil["status"]))
        continue
    met += 1
    if met <= spoil.get("skip", 0):
        say(server.stdin, packet)
    elif "end" in spoil:
        break
    elif "status" in spoil or "answer" in spoil or "silence" in spoil:
        id = struct.unpack_from(">I", packet, 1)[0] if packet[0] != 1 else None
        for answer in answered(struct.pack(">BI", 0, id or 0)):
            tell(answer)
    else:
        spoilt.add(struct.unpack_from(">I", packet, 1)[0])
        say(server.stdin, packet)
server.stdin.close()
server.terminate()
