// badftp run -- node --test
//
// One badftp for all tests; each loads its scenario, and ends with the verdict on the client.
const assert = require("node:assert/strict");
const { writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { test } = require("node:test");
const { upload } = require("./upload.cjs");

const { BADFTP_CONTROL_URL, BADFTP_HOST, BADFTP_FTP_PORT, BADFTP_USER, BADFTP_PASSWORD } = process.env;
const access = { host: BADFTP_HOST, port: Number(BADFTP_FTP_PORT), user: BADFTP_USER, password: BADFTP_PASSWORD };

async function ask(method, path, body) {
  const answer = await fetch(BADFTP_CONTROL_URL + path, { method, body });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return text;
}

/** A test of what the client does in a scenario: a shipped name, or YAML. */
function scenario(name, yaml, act) {
  test(name, async () => {
    await ask("PUT", "/scenario", yaml);
    await act();
    await ask("GET", "/verify?format=text");
  });
}

const report = join(tmpdir(), `report-${process.pid}.csv`);
writeFileSync(report, "day,sold\nmonday,3\n");

scenario(
  "a busy server is asked again",
  `
rules: [{when: upload, times: 1, reply: "450 Busy, try again"}]
expect: [{when: upload, times: 2, gap: 400ms+}]
`,
  async () => {
    await upload(access, report);
    assert.equal(await ask("GET", "/files/report.csv"), "day,sold\nmonday,3\n");
  },
);

scenario("a shipped scenario", "ftp/data-425", async () => {
  await assert.rejects(upload(access, report, { tries: 1 }), /425/);
});
