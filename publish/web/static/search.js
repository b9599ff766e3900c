// Names while somebody types, in every field that says where they are had. Without this script,
// or where nobody suggests anything, the form works as it is.
"use strict";

for (const field of document.querySelectorAll("input[data-suggest]")) {
  let waiting = 0;
  let asked = "";
  let places = new Map();

  const show = ([, names, kinds, addresses]) => {
    places = new Map(names.map((name, index) => [name, addresses[index]]));
    field.list.replaceChildren(
      ...names.map((name, index) => {
        const option = document.createElement("option");
        option.value = name;
        option.label = kinds[index] ? `${name} (${kinds[index]})` : name;
        return option;
      }),
    );
  };

  field.addEventListener("input", (event) => {
    // In a search, a name that was chosen, and not typed, leads straight to its page.
    const chosen = field.type === "search" && (!event.inputType || event.inputType === "insertReplacementText");
    if (chosen && places.has(field.value)) {
      location.assign(places.get(field.value));
      return;
    }
    clearTimeout(waiting);
    const text = field.value.trim();
    if (text.length < 2 || text === asked) return;
    waiting = setTimeout(async () => {
      asked = text;
      try {
        const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(text)}`);
        if (answer.ok && asked === text) show(await answer.json());
      } catch {
        // Offline, or on a host of files alone.
      }
    }, 150);
  });
}
