// Tables can be sorted by any column: a click on its head, or Enter on it.
const collator = new Intl.Collator("en", { numeric: true });

function keyOf(row, place) {
  const text = row.cells[place].textContent.trim();
  const number = Number(text.replaceAll(",", ""));
  return text !== "" && Number.isFinite(number) ? number : text;
}

function compare(one, other) {
  if (one === "" || other === "") return (one === "") - (other === "");
  return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(String(one), String(other));
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => [keyOf(row, place), row]);
      rows.sort(([one], [other]) => (down ? -compare(one, other) : compare(one, other)));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}

document.querySelectorAll("table.sortable").forEach(sortable);
