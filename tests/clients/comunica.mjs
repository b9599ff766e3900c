// Asks a SPARQL endpoint as a user of Comunica does, and writes what it gets as JSON.
// Usage: node comunica.mjs ADDRESS, with the query on stdin.
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql";

const [address] = process.argv.slice(2);
const context = { sources: [{ type: "sparql", value: address }] };
const answer = await new QueryEngine().query(readFileSync(0, "utf8"), context);
const found = await answer.execute();
let said = found;
if (answer.resultType === "bindings") {
  const rows = await found.toArray();
  said = rows.map((row) => Object.fromEntries([...row].map(([key, term]) => [key.value, term.value])));
} else if (answer.resultType === "quads") {
  const quads = await found.toArray();
  said = quads.map(({ subject, predicate, object }) => [subject, predicate, object].map((term) => term.value));
}
process.stdout.write(JSON.stringify(said));
