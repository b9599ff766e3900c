import { offline } from "./asking.js";
import { Editor } from "./editor.js";
import { element } from "./elements.js";
import { answer, copied } from "./result.js";
import { beside } from "./saved.js";
import { packed, unpacked } from "./sharing.js";
import { _ } from "./texts.js";

const form = document.querySelector("form.ask");
const area = form.querySelector("textarea");
const result = element("section", { id: "result" });
const editor = new Editor(area, run);
const share = element("button", { type: "button", class: "second" }, _("Copy a link"));
const state = element("span", { role: "status", class: "note" });
form.querySelector("button[type=submit]").after(share, state);
form.after(result);
let running = null;

form.addEventListener("submit", (event) => {
  // Whoever chose a format wants it as the server sends it.
  if ((form.elements.format?.value ?? "html") !== "html") return;
  event.preventDefault();
  run();
});

share.addEventListener("click", async () => {
  const link = new URL(form.action);
  link.hash = await packed(editor.text);
  history.replaceState(null, "", link);
  await copied(link.href, state);
});

async function run() {
  running?.abort();
  const own = new AbortController();
  running = own;
  document.querySelector("#first-answer")?.remove();
  editor.mark(null);
  state.textContent = "";
  result.setAttribute("aria-busy", "true");
  try {
    await answer(editor.text, result, own.signal);
    state.textContent = _("Answered: %(what)s", { what: result.querySelector("h2 .count, .lead")?.textContent ?? "" });
  } catch (error) {
    if (error.name === "AbortError") return;
    editor.mark(error);
    result.replaceChildren(
      element("h2", { lang: error.lang ?? null }, error.title || _("No answer")),
      element("p", { class: "warning", role: "alert", lang: error.lang ?? null }, error.message),
    );
  } finally {
    if (running === own) result.removeAttribute("aria-busy");
  }
}

async function begin() {
  const list = document.querySelector("#saved");
  const question = list && (await beside(list, document.querySelector("#parameters"), editor, run));
  // A server would have read these.
  const example = offline && asked.get("example");
  if (question && example) await question(example, asked);
}

const asked = new URLSearchParams(location.search);
const section = offline && asked.has("section") ? await (await offline).section(asked.get("section"), asked.get("of") ?? "") : null;
const shared = (await unpacked(location.hash)) ?? section ?? (offline && asked.get("query"));
if (offline && shared !== null && asked.get("edit") === "true") {
  editor.text = shared;
} else if (shared !== null) {
  editor.text = shared;
  run();
}
begin();
