// ssh2-sftp-client, step by step: HOST PORT USER KEY STEPS. Each step is a list, ["method", arguments...], with the names
// that paramiko_steps.py has, and prints its result as JSON. A step that fails prints the error's code and text, and the
// next one follows.

import { readFileSync } from "node:fs"
import Client from "ssh2-sftp-client"

const [host, port, username, key, steps] = process.argv.slice(2)
const client = new Client()

// What ssh2-sftp-client has no word for, its ssh2 has.
const below = (method, ...values) => new Promise((resolve, reject) =>
  client.sftp[method](...values, (error, result) => error ? reject(error) : resolve(result)))

const opened = async (path, flags, work) => {
  const handle = await below("open", path, flags)
  try {
    return await work(handle)
  } finally {
    await below("close", handle)
  }
}

const own = {
  put: async (local, path) => { await client.fastPut(local, path) },
  get: async (path, local) => { await client.fastGet(path, local) },
  mkdir: path => below("mkdir", path),
  rmdir: path => below("rmdir", path),
  remove: path => below("unlink", path),
  rename: (from, to) => below("rename", from, to),
  posix_rename: (from, to) => below("ext_openssh_rename", from, to),
  hard_link: (existing, link) => below("ext_openssh_hardlink", existing, link),
  symlink: (target, link) => below("symlink", target, link),
  readlink: path => below("readlink", path),
  chmod: (path, mode) => below("chmod", path, mode),
  utime: (path, [accessed, modified]) => below("utimes", path, accessed, modified),
  truncate: (path, size) => below("setstat", path, { size }),
  stat: async path => {
    const { size, mode, mtime } = await below("stat", path)
    return { size, mode, mtime }
  },
  listdir: async path => (await client.list(path)).map(entry => entry.name).sort(),
  append: async (path, text) => { await client.append(Buffer.from(text), path) },
  part: (path, offset, size) => opened(path, "r", handle => new Promise((resolve, reject) => {
    const done = (error, count, buffer) => error ? reject(error) : resolve(buffer.subarray(0, count).toString())
    client.sftp.read(handle, Buffer.alloc(size), 0, size, offset, done)
  })),
  flush: (path, text) => opened(path, "w", async handle => {
    await below("write", handle, Buffer.from(text), 0, text.length, 0)
    await below("ext_openssh_fsync", handle)
  }),
  room: async path => Number((await below("ext_openssh_statvfs", path)).f_namemax),
  copy: (existing, made) => opened(existing, "r", from => opened(made, "w", into =>
    below("ext_copy_data", from, 0, 0, into, 0))),
  home: path => client.realPath(path),
}

await client.connect({ host, port: Number(port), username, privateKey: readFileSync(key) })
for (const [name, ...values] of JSON.parse(steps)) {
  try {
    console.log(JSON.stringify((await own[name](...values)) ?? null))
  } catch (error) {
    console.log(`${error.code} ${error.message}`)
  }
}
await client.end()
