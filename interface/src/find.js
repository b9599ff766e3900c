import { home } from "./asking.js";
import { element } from "./elements.js";
import { find } from "./names.js";
import { _, ngettext } from "./texts.js";

const PAGE = 100;
const input = document.querySelector("#q");
const place = document.querySelector("#found-here");
input.value = new URLSearchParams(location.search).get("q") ?? "";
input.form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", show);
show();

async function show() {
  const text = input.value.trim();
  if (!text) return place.replaceChildren();
  try {
    const found = await find(text);
    if (text !== input.value.trim()) return;
    const count = element("p", { role: "status" }, found.length ? ngettext("%(num)s thing", "%(num)s things", found.length) : _("Nothing is called so. Try fewer words, or the lists."));
    const list = element("ol", { class: "hits" });
    const more = element("button", { type: "button", class: "second", click: () => add() });
    const add = () => {
      const from = list.children.length;
      list.append(...found.slice(from, from + PAGE).map(hit));
      const left = found.length - list.children.length;
      more.hidden = !left;
      more.textContent = _("Show %(count)s more", { count: Math.min(PAGE, left) });
      // Who reads by keyboard goes on where the list goes on.
      if (from) list.children[from].querySelector("a").focus();
    };
    add();
    place.replaceChildren(count, list, more);
  } catch (error) {
    place.replaceChildren(element("p", { class: "warning", role: "alert", lang: error.lang ?? null }, error.message));
  }
}

function hit({ label, place, name }) {
  const link = element("a", { href: home + place }, label);
  return element("li", {}, link, ...(name === label ? [] : [" ", element("span", { class: "note" }, _("also called %(name)s", { name }))]));
}
