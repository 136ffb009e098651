// Answers requests with DuckDB, in memory: a line of JSON for each; see worker.go.
const { DuckDBInstance } = require('@duckdb/node-api');
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const seconds = () => Number(process.hrtime.bigint()) / 1e9;

const tables = {
  text: "columns={ts: 'BIGINT', conv: 'VARCHAR', channel: 'VARCHAR', agent: 'VARCHAR', kind: 'TINYINT', stars: 'TINYINT'}",
  number: "columns={ts: 'BIGINT', conv: 'INTEGER', channel: 'TINYINT', agent: 'SMALLINT', kind: 'TINYINT', stars: 'TINYINT'}",
};

const csv = (folder, table) => `read_csv('${path.join(folder, table + '.csv')}', header=true, ${tables[table]})`;

// Where the rows of a table come from.
function source({ folder, table }) {
  switch (table) {
    case 'sorted': return `select * from ${csv(folder, 'number')} order by conv, ts`;
    case 'parquet': return `select * from '${path.join(folder, 'text.parquet')}'`;
    default: return `select * from ${csv(folder, table)}`;
  }
}

// The greatest resident memory on Linux; else 0.
function peak() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch { return 0; }
}

async function main() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = async sql => (await connection.runAndReadAll(sql)).getRowsJson().map(row => row.map(String));

  async function answer(request) {
    await connection.run(`set threads to ${request.threads}`);
    switch (request.do) {
      case 'open':
        return { rows: await rows('select version()') };
      case 'parquet': { // written once
        const file = path.join(request.folder, 'text.parquet');
        if (!fs.existsSync(file)) {
          await connection.run(`copy (select * from ${csv(request.folder, 'text')}) to '${file}.new' (format parquet)`);
          fs.renameSync(file + '.new', file);
        }
        return {};
      }
      case 'load': {
        await connection.run('drop table if exists events');
        const begin = seconds();
        await connection.run(`create table events as ${source(request)}`);
        const spent = seconds() - begin;
        const [[kept]] = await rows('select sum(memory_usage_bytes)::bigint from duckdb_memory()');
        return { seconds: spent, kept: Number(kept) };
      }
      case 'query': {
        const begin = seconds();
        const found = await rows(request.sql);
        return { seconds: seconds() - begin, rows: found };
      }
    }
    throw new Error(`cannot ${request.do}`);
  }

  for await (const line of readline.createInterface({ input: process.stdin })) {
    try { fs.writeFileSync('/proc/self/clear_refs', '5'); } catch { /* not Linux */ }
    let reply;
    try { reply = await answer(JSON.parse(line)); } catch (e) { reply = { error: e.message }; }
    reply.peak = peak();
    process.stdout.write(JSON.stringify(reply) + '\n');
  }
  process.exit(0);
}

main();
