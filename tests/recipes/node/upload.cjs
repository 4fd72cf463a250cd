// What is tested: an upload that tries again.
const { Client, FTPError } = require("basic-ftp");
const { setTimeout: sleep } = require("node:timers/promises");

async function upload(access, path, { tries = 3, pause = 500 } = {}) {
  for (let left = tries - 1; ; left--) {
    const client = new Client();
    try {
      await client.access(access);
      return await client.uploadFrom(path, "report.csv");
    } catch (error) {
      const isTransient = error instanceof FTPError && error.code >= 400 && error.code < 500;
      if (!isTransient || left === 0) throw error;
    } finally {
      client.close();
    }
    await sleep(pause);
  }
}

module.exports = { upload };
