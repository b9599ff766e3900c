// A store in the browser, in a thread of its own: pages that no server answers ask it.
import init, { namedNode, Store } from "oxigraph/web.js";
import wasm from "oxigraph/web_bg.wasm";

let opened = null;

self.addEventListener("message", async ({ data }) => {
  const { id, source, query, media } = data;
  try {
    opened ??= open(source);
    const { store, options } = await opened;
    const answer = store.query(query, { ...options, results_format: media });
    self.postMessage({ id, answer });
  } catch (error) {
    self.postMessage({ id, wrong: String(error.message ?? error) });
  }
});

/** Read the dump: a query that names no graph sees all of them but the one of rules. */
async function open({ dump, base, apart }) {
  const [answer] = await Promise.all([fetch(dump), init({ module_or_path: new URL(wasm, import.meta.url) })]);
  if (!answer.ok) throw new Error(`the data cannot be read (${answer.status})`);
  const store = new Store();
  store.load(await unpacked(await answer.arrayBuffer()), { format: "application/n-quads", no_transaction: true, lenient: true });
  const graphs = store.query("SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }").map((row) => row.get("graph"));
  const seen = graphs.filter((graph) => graph.value !== apart);
  return { store, options: { base_iri: base ? namedNode(base) : undefined, default_graph: seen } };
}

/** Some hosts say that the file is packed, and the browser has unpacked it then. */
async function unpacked(bytes) {
  const start = new Uint8Array(bytes, 0, 2);
  if (start[0] !== 0x1f || start[1] !== 0x8b) return new Uint8Array(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
