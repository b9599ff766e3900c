// A query in the fragment of an address, compressed: no server keeps it.

const NAME = "query=";

/** @param {string} text */
export async function packed(text) {
  const bytes = await through(new Blob([text]).stream(), new CompressionStream("deflate-raw"));
  return NAME + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} fragment */
export async function unpacked(fragment) {
  const found = fragment.replace(/^#/, "");
  if (!found.startsWith(NAME)) return null;
  try {
    const bytes = Uint8Array.from(atob(found.slice(NAME.length).replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
    return new TextDecoder().decode(await through(new Blob([bytes]).stream(), new DecompressionStream("deflate-raw")));
  } catch {
    return null;
  }
}

async function through(stream, change) {
  return new Uint8Array(await new Response(stream.pipeThrough(change)).arrayBuffer());
}
