"""paramiko, step by step: each step is a list, ["method", arguments...], and prints its result as JSON.

A step that fails prints the exception's name and text, and the next one follows.
"""

import hashlib
import json
import sys

import paramiko


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

    def home(self, path):
        return self.normalize(path)

    def digest(self, path):
        """Of a file that nobody keeps; all of it is asked for at once."""
        sink = Digest()
        self.getfo(path, sink)
        return sink.digest.hexdigest()


def show(value):
    if isinstance(value, paramiko.SFTPAttributes):
        return {"size": value.st_size, "mode": value.st_mode, "mtime": value.st_mtime}
    if isinstance(value, list):
        return sorted(str(entry) for entry in value)
    return value


def main():
    host, port, user, key, steps = sys.argv[1:]
    transport = paramiko.Transport((host, int(port)))
    if key.startswith("password:"):
        transport.connect(username=user, password=key.removeprefix("password:"))
    elif key.startswith("keyboard:"):
        transport.start_client()
        transport.auth_interactive(user, lambda *_: [key.removeprefix("keyboard:")])
    else:
        transport.connect(username=user, pkey=paramiko.Ed25519Key.from_private_key_file(key))
    client = Client.from_transport(transport)
    for method, *arguments in json.loads(steps):
        try:
            if method == "utime":
                arguments[1] = tuple(arguments[1])
            result = getattr(client, method)(*arguments)
            print(json.dumps(show(result) if method not in ("get", "put") else None, default=show))
        except Exception as error:  # What a user of the library would see.
            print(type(error).__name__, error)
    transport.close()


main()
