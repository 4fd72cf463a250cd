// An editor, as far as the schema goes: opens files in yaml-language-server, which is what VS Code, Neovim, Helix and
// others ask, and prints a JSON object. `editor.mjs check SCHEMA|none FILE…`: what is underlined, `line: message`, by
// file. `editor.mjs propose SCHEMA FILE LINE COLUMN`: the words proposed there, from 0 as the protocol counts.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import rpc from "vscode-jsonrpc/node.js";

const [what, schema, ...rest] = process.argv.slice(2);
const server = fileURLToPath(new URL("node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url));
const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const editor = rpc.createMessageConnection(
  new rpc.StreamMessageReader(child.stdout),
  new rpc.StreamMessageWriter(child.stdin),
);

const schemas = schema === "none" ? {} : { [pathToFileURL(schema)]: rest.filter((file) => file.endsWith(".yaml")) };
const settings = { yaml: { schemas, schemaStore: { enable: false }, validate: true, completion: true } };
editor.onRequest("workspace/configuration", ({ items }) => items.map(({ section }) => settings[section] ?? null));
editor.onRequest("client/registerCapability", () => null);
const underlined = new Map();
editor.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
  underlined.get(uri)?.(diagnostics.map(({ range, message }) => `${range.start.line + 1}: ${message}`));
});
editor.listen();
await editor.sendRequest("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } },
});
await editor.sendNotification("initialized", {});
await editor.sendNotification("workspace/didChangeConfiguration", { settings });

async function open(file) {
  const uri = pathToFileURL(file).href;
  const answer = new Promise((done) => underlined.set(uri, done));
  const text = readFileSync(file, "utf8");
  await editor.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text },
  });
  return { uri, messages: await answer };
}

let shown = {};
if (what === "check") {
  for (const file of rest) shown[file] = (await open(file)).messages;
} else {
  const [file, line, character] = rest;
  const { uri } = await open(file);
  const position = { line: Number(line), character: Number(character) };
  const found = await editor.sendRequest("textDocument/completion", { textDocument: { uri }, position });
  shown = found.items.map(({ label }) => label);
}
console.log(JSON.stringify(shown));
child.kill();
process.exit(0);
