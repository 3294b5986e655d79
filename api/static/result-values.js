// What the views of results share: the solutions of a SELECT, and what their columns hold.
const NUMBERS = /#(decimal|integer|int|long|short|byte|double|float|nonNegativeInteger|positiveInteger)$/;
const BASE = "https://w3id.org/missiongraph/";

export const numberOf = (term) => {
  if (term?.type !== "literal" || !NUMBERS.test(term.datatype ?? "")) return null;
  const number = Number(term.value);
  return Number.isFinite(number) ? number : null;
};

// The path at which this server answers an IRI of ours; other IRIs stay as they are.
export const pageOf = (iri) => (iri.startsWith(BASE) ? iri.slice(BASE.length - 1) : iri);
export const isLink = (href) => /^(https?:\/\/|\/(?!\/))/.test(href);

// The answer of a yasr as rows and columns; null where it is no table of solutions.
export function solutions(yasr) {
  const rows = yasr.results?.getBindings?.();
  const names = yasr.results?.getVariables?.() ?? [];
  if (!rows?.length || !names.length) return null;
  const prefixes = typeof yasr.config.prefixes === "function" ? yasr.config.prefixes(yasr) : yasr.config.prefixes ?? {};
  return { rows, names, prefixes };
}

// A thing's name in a row: the column of its labels, else the last part of its IRI.
export function nameOf(table, row, column) {
  const term = row[column];
  const label = row[`${column}Label`];
  if (!term) return "";
  if (label) return label.value;
  return term.type === "uri" ? short(term.value, table.prefixes) : term.value;
}

export function short(iri, prefixes) {
  const fitting = Object.entries(prefixes).filter(([, space]) => iri.startsWith(space) && iri.length > space.length);
  fitting.sort(([, one], [, other]) => other.length - one.length);
  return fitting.length ? `${fitting[0][0]}:${iri.slice(fitting[0][1].length)}` : iri;
}

const DATES = /#(date|dateTime|gYear|gYearMonth)$/;

// A date as a year with its part, such as 2030.5 for the first of July; null for anything else.
export function dateOf(term) {
  const found = term?.type === "literal" && DATES.test(term.datatype ?? "") && /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(term.value);
  return found ? Number(found[1]) + (Number(found[2] ?? 1) - 1) / 12 + (Number(found[3] ?? 1) - 1) / 366 : null;
}

export const columnsOf = (table, fits) => table.names.filter((name) => table.rows.some((row) => fits(row[name], row)));
export const dateColumns = (table) => columnsOf(table, (term) => dateOf(term) !== null);
export const numberColumns = (table) => columnsOf(table, (term) => numberOf(term) !== null);
// Columns of things; one that only labels another is not one of them.
export const thingColumns = (table) => columnsOf(table, (term) => term?.type === "uri");

// A small form above a view: for each label the columns to choose from.
export function chooser(choices, changed) {
  const form = document.createElement("form");
  form.className = "view-choices";
  for (const [label, names, chosen] of choices) {
    if (names.length < 2) continue;
    const field = document.createElement("label");
    const select = document.createElement("select");
    select.name = label;
    for (const name of names) select.add(new Option(name, name, false, name === chosen));
    field.append(`${label} `, select);
    form.append(field);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => changed(Object.fromEntries(new FormData(form))));
  return form;
}

export function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function note(text) {
  const line = document.createElement("p");
  line.className = "quiet";
  line.textContent = text;
  return line;
}

export const asFile = (drawing, name) => ({
  getData: () => new XMLSerializer().serializeToString(drawing),
  contentType: "image/svg+xml",
  filename: `${name || "results"}.svg`,
  title: "Download the drawing as SVG",
});
