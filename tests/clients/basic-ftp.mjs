// Drives basic-ftp: HOST PORT USER PASSWORD STEPS, where STEPS is JSON: [["downloadTo", "local", "/hello.txt"], ...].
// Each step prints its result on a line of its own; an error ends the run with its class and text.

import { Client, enterPassiveModeIPv4, enterPassiveModeIPv6 } from "basic-ftp"
import { Readable } from "node:stream"

const [host, port, user, password, steps] = process.argv.slice(2)
const client = new Client(5000)
// FTP in clear without, `explicit` or `implicit` TLS.
const tls = process.env.BASIC_FTP_TLS
const secure = tls === "implicit" ? "implicit" : tls === "explicit"

const own = {
  names: async path => (await client.list(path)).map(entry => entry.name).sort(),
  kinds: async path => (await client.list(path)).map(({ name, type, size }) => [name, type, size]).sort(),
  text: async (text, path) => client.uploadFrom(Readable.from([text]), path),
  append: async (text, path) => client.appendFrom(Readable.from([text]), path),
  pasv: async () => { client.prepareTransfer = enterPassiveModeIPv4 },
  epsv: async () => { client.prepareTransfer = enterPassiveModeIPv6 },
}

try {
  await client.access({ host, port: Number(port), user, password, secure })
  for (const [name, ...values] of JSON.parse(steps)) {
    const step = own[name] ?? client[name].bind(client)
    console.log(JSON.stringify((await step(...values)) ?? null))
  }
} catch (error) {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
} finally {
  client.close()
}
