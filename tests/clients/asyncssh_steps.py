"""asyncssh, step by step: HOST PORT USER KEY STEPS. Each step is a list, ["method", arguments...], with the names that
`paramiko_steps.py` has, and prints its result as JSON.

A step that fails prints the exception's name and text, and the next one follows.
"""

import asyncio
import json
import sys

import asyncssh


class Client:
    """What other clients call otherwise; all else is a method of asyncssh."""

    def __init__(self, sftp):
        self.sftp = sftp

    async def put(self, local, remote):
        await self.sftp.put(local, remote)

    async def get(self, remote, local):
        await self.sftp.get(remote, local)

    async def stat(self, path):
        found = await self.sftp.stat(path)
        return {"size": found.size, "mode": found.permissions, "mtime": found.mtime}

    async def utime(self, path, times):
        await self.sftp.utime(path, tuple(times))

    async def listdir(self, path):
        return sorted(name for name in await self.sftp.listdir(path) if name not in (".", ".."))

    async def append(self, path, text):
        async with self.sftp.open(path, "a") as file:
            await file.write(text)

    async def part(self, path, offset, size):
        async with self.sftp.open(path, "r") as file:
            return await file.read(size, offset)

    async def hard_link(self, existing, new):
        await self.sftp.link(existing, new)

    async def copy(self, existing, new):
        await self.sftp.remote_copy(existing, new)

    async def room(self, path):
        return (await self.sftp.statvfs(path)).namemax

    async def flush(self, path, text):
        async with self.sftp.open(path, "w") as file:
            await file.write(text)
            await file.fsync()

    async def home(self, path):
        return await self.sftp.realpath(path)


async def main(host, port, user, key, steps):
    options = {"username": user, "client_keys": [key], "known_hosts": None, "config": None}
    async with asyncssh.connect(host, int(port), **options) as connection:
        async with connection.start_sftp_client() as sftp:
            client = Client(sftp)
            for method, *arguments in json.loads(steps):
                step = getattr(client, method, None) or getattr(sftp, method)
                try:
                    print(json.dumps(await step(*arguments)))
                except Exception as error:  # What a user of the library would see.
                    print(type(error).__name__, error)


asyncio.run(main(*sys.argv[1:]))
