// Evidence's connector for DuckDB, called as Evidence calls it. Says and hears what protocol.py describes.

const fs = require("node:fs");
const path = require("node:path");
const { createInterface } = require("node:readline");
const connector = require("@evidence-dev/duckdb");
const { version } = require("@evidence-dev/duckdb/package.json");

const [published, queries] = process.argv.slice(2);
const source = path.join(__dirname, "sources", "narvaro");

async function ask(run, sql) {
  const result = await run(sql, path.join(source, "question.sql"));
  const rows = [];
  for await (const batch of result.rows()) rows.push(...batch);
  return { columns: result.columnTypes.map((column) => column.name), rows };
}

async function main() {
  fs.mkdirSync(source, { recursive: true });
  // The path is relative to the folder of the source, as in connection.yaml.
  const filename = path.relative(source, path.join(published, "narvaro.duckdb"));
  const run = await connector.getRunner({ filename }, source);
  const answers = {};
  for (const file of fs.readdirSync(queries).filter((name) => name.endsWith(".sql"))) {
    const { columns, rows } = await ask(run, fs.readFileSync(path.join(queries, file), "utf-8"));
    answers[path.parse(file).name] = { columns, rows: rows.map((row) => columns.map((column) => row[column])) };
  }
  console.log(JSON.stringify({ version, answers }));
  for await (const _ of createInterface({ input: process.stdin })) break;
  const found = await ask(run, "select max(release_id) as release_id from meta.release");
  console.log(JSON.stringify({ reopened: found.rows[0].release_id }));
  process.exit(0);
}

main();
