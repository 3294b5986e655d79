// Suggestions below a search field: a combobox with a list (WAI-ARIA), fed by /suggest.
const WAIT = 120;

function suggestFor(input, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  input.autocomplete = "off";
  let timer;
  let asked = 0;

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  };
  const options = () => [...list.children];
  const current = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  const select = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };
  const optionOf = (found, place) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.page = found.page;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = found.classLabel;
    option.append(found.name, " ", kind);
    return option;
  };
  const ask = async () => {
    const number = ++asked;
    const text = input.value.trim();
    if (text.length < 2) return show(false);
    const response = await fetch(`/suggest?q=${encodeURIComponent(text)}`).catch(() => null);
    if (!response?.ok || number !== asked) return;
    const { suggestions } = await response.json();
    const chosen = current()?.dataset.page;
    list.replaceChildren(...suggestions.map(optionOf));
    select(options().find((option) => option.dataset.page === chosen));
    show(suggestions.length > 0);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      show(true);
      const at = all.indexOf(current());
      select(all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
    } else if (event.key === "Enter" && !list.hidden && current()) {
      event.preventDefault();
      location.assign(current().dataset.page);
    } else if (event.key === "Escape") {
      show(false);
    }
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      location.assign(option.dataset.page);
    }
  });
  input.addEventListener("blur", () => show(false));
}

document.querySelectorAll("input[type=search][name=q]").forEach(suggestFor);
