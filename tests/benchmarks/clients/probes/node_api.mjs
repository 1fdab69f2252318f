// @duckdb/node-api: queries through an instance that is opened read-only. Says and hears what protocol.py describes.

import { readFileSync, readdirSync, realpathSync } from "node:fs";
import { createInterface } from "node:readline";
import path from "node:path";
import { DuckDBInstance, version } from "@duckdb/node-api";

const [published, queries] = process.argv.slice(2);
const link = path.join(published, "narvaro.duckdb");
const RELEASE = "select max(release_id) from meta.release";

const opened = (file) => DuckDBInstance.create(file, { access_mode: "READ_ONLY" });

async function release(instance) {
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(RELEASE);
  connection.closeSync?.();
  return reader.getRows()[0][0];
}

async function releaseOf(file) {
  const instance = await opened(file);
  const found = await release(instance);
  instance.closeSync?.();
  return found;
}

const held = await opened(link);
const connection = await held.connect();
const answers = {};
for (const file of readdirSync(queries).filter((name) => name.endsWith(".sql"))) {
  const reader = await connection.runAndReadAll(readFileSync(path.join(queries, file), "utf-8"));
  answers[path.parse(file).name] = { columns: reader.columnNames(), rows: reader.getRowsJson() };
}
console.log(JSON.stringify({ version: version().replace(/^v/, ""), answers }));

for await (const _ of createInterface({ input: process.stdin })) break;

const seen = { held: await release(held) };
seen["by the link beside it"] = await releaseOf(link);
seen["reopened"] = await releaseOf(realpathSync(link));
console.log(JSON.stringify(seen));
process.exit(0);
