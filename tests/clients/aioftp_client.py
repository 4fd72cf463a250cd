"""Drives aioftp: HOST PORT USER PASSWORD STEPS, where STEPS is JSON: [["retr", "/hello.txt", "local"], ...].

Each step prints its result on a line of its own; an exception ends the run with its class and text.
"""

import asyncio
import json
import sys

import aioftp


class Client(aioftp.Client):
    """Each method that a step names; what it returns is printed."""

    async def stor(self, path, local):
        await self.upload(local, path, write_into=True)

    async def retr(self, path, local):
        await self.download(path, local, write_into=True)

    async def names(self, path):
        return sorted([name.name, info["type"], info.get("size")] for name, info in await self.list(path))

    async def tree(self, path):
        return sorted(str(name) for name, _ in await self.list(path, recursive=True))


async def main(host, port, user, password, steps):
    async with Client.context(host, int(port), user, password, socket_timeout=5) as client:
        for name, *arguments in json.loads(steps):
            print(json.dumps(await getattr(client, name)(*arguments), default=str), flush=True)


try:
    asyncio.run(main(*sys.argv[1:]))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
