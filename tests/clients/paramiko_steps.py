"""paramiko, step by step: each step is a list, ["method", arguments...], and prints its result as JSON.

A step that fails prints the exception's name and text, and the next one follows; when there is no connection, that is all.
"""

import hashlib
import json
import logging
import sys
import time

# paramiko takes a third of its start to load this, which only reads configurations.
sys.modules["invoke"] = None
import paramiko
from paramiko.sftp import CMD_READ, int64

# How many seconds the server may take to say who it is, to answer a login, and to open a channel.
PATIENCE = 4


class Digest:
    def __init__(self):
        self.digest = hashlib.sha256()

    def write(self, data):
        self.digest.update(data)


class Client(paramiko.SFTPClient):
    """What paramiko has no one word for."""

    def append(self, path, text):
        with self.open(path, "a") as file:
            file.write(text)

    def part(self, path, offset, size):
        with self.open(path) as file:
            file.seek(offset)
            return file.read(size).decode()

    def open_two(self, path):
        """At once."""
        with self.open(path), self.open(path):
            pass

    def home(self, path):
        return self.normalize(path)

    def digest(self, path):
        """Of a file that nobody keeps; all of it is asked for at once."""
        sink = Digest()
        self.getfo(path, sink)
        return sink.digest.hexdigest()

    def leave(self, path):
        """Asks for much, says that this was all, and takes nothing: does the server end the channel?"""
        file, channel = self.open(path), self.get_channel()
        for part in range(256):
            self._async_request(file, CMD_READ, file.handle, int64(part * 32768), 32768)
        channel.shutdown_write()
        deadline = time.monotonic() + 30
        while not channel.closed and time.monotonic() < deadline:
            time.sleep(0.05)
        return channel.closed


def show(value):
    if isinstance(value, paramiko.SFTPAttributes):
        return {"size": value.st_size, "mode": value.st_mode, "mtime": value.st_mtime}
    if isinstance(value, list):
        return sorted(str(entry) for entry in value)
    return value


def connect(host, port, user, key):
    transport = paramiko.Transport((host, port))
    transport.banner_timeout = transport.handshake_timeout = PATIENCE
    transport.auth_timeout = transport.channel_timeout = PATIENCE
    if key.startswith("password:"):
        transport.connect(username=user, password=key.removeprefix("password:"))
    elif key.startswith("keyboard:"):
        transport.start_client()
        answers = key.removeprefix("keyboard:").split(":")
        transport.auth_interactive(user, lambda *asked: answers[: len(asked[2])])
    elif key.endswith("rsa"):
        transport.connect(username=user, pkey=paramiko.RSAKey.from_private_key_file(key))
    else:
        transport.connect(username=user, pkey=paramiko.Ed25519Key.from_private_key_file(key))
    return transport


def main():
    host, port, user, key, steps = sys.argv[1:]
    # It tells each error twice.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    try:
        transport = connect(host, int(port), user, key)
        client = Client.from_transport(transport)
    except Exception as error:
        print(type(error).__name__, error)
        sys.exit(1)
    for method, *arguments in json.loads(steps):
        try:
            if method == "sleep":
                time.sleep(arguments[0])
                continue
            if method == "utime":
                arguments[1] = tuple(arguments[1])
            result = getattr(client, method)(*arguments)
            print(json.dumps(show(result) if method not in ("get", "put") else None, default=show))
        except Exception as error:  # What a user of the library would see.
            print(type(error).__name__, error)
    transport.close()


main()
