// npm install testcontainers basic-ftp
// node --test
//
// One badftp in a container for all tests; each loads its scenario, and ends with the verdict on the client.
const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { setTimeout: sleep } = require("node:timers/promises");
const { Readable } = require("node:stream");
const { Client, FTPError } = require("basic-ftp");
const { GenericContainer, Wait } = require("testcontainers");

const [FTP, FTPS, SFTP, CONTROL, PASSIVE] = [2121, 2990, 2222, 2180, 30000];
const REPORT = "day,sold\nmonday,3\n";

let badftp;

before(async () => {
  badftp = await new GenericContainer(process.env.BADFTP_IMAGE ?? "badftp")
    // All that the image has: with older versions of Podman, Testcontainers waits for the others in vain.
    .withExposedPorts(FTP, FTPS, SFTP, CONTROL, PASSIVE)
    .withEnvironment({ BADFTP_CONTROL_TOKEN: "none" })
    .withWaitStrategy(Wait.forHttp("/health", CONTROL))
    .start();
  // It is told of its ports outside, which are any free ones: passive mode and known_hosts name them.
  const ports = Object.fromEntries([FTP, FTPS, SFTP, PASSIVE].map((port) => [port, badftp.getMappedPort(port)]));
  await ask("PUT", "/advertise", JSON.stringify({ address: badftp.getHost(), ports }));
});

after(() => badftp?.stop());

async function ask(method, path, body) {
  const url = `http://${badftp.getHost()}:${badftp.getMappedPort(CONTROL)}${path}`;
  const answer = await fetch(url, { method, body });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return text;
}

/** What is tested: an upload that tries again. */
async function upload({ tries = 3, pause = 500 } = {}) {
  for (let left = tries - 1; ; left--) {
    const client = new Client();
    try {
      const port = badftp.getMappedPort(FTP);
      await client.access({ host: badftp.getHost(), port, user: "ann", password: "secret" });
      return await client.uploadFrom(Readable.from([REPORT]), "report.csv");
    } catch (error) {
      const isTransient = error instanceof FTPError && error.code >= 400 && error.code < 500;
      if (!isTransient || left === 0) throw error;
    } finally {
      client.close();
    }
    await sleep(pause);
  }
}

/** A test of what the client does in a scenario: a shipped name, or YAML. */
function scenario(name, yaml, act) {
  test(name, async () => {
    await ask("PUT", "/scenario", yaml);
    await act();
    await ask("GET", "/verify?format=text");
  });
}

scenario(
  "a busy server is asked again",
  `
rules: [{when: upload, times: 1, reply: "450 Busy, try again"}]
expect: [{when: upload, times: 2, gap: 400ms+}]
`,
  async () => {
    await upload();
    assert.equal(await ask("GET", "/files/report.csv"), REPORT);
  },
);

scenario("a shipped scenario", "ftp/data-425", async () => {
  await assert.rejects(upload({ tries: 1 }), /425/);
});
