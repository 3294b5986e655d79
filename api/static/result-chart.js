// A view of results: bars, for a column of names with a column of numbers; lines, for one of dates with one of numbers.
import { asFile, chooser, dateColumns, dateOf, nameOf, note, numberColumns, numberOf, solutions, svg } from "/static/result-values.js";

const WIDTH = 1000;
const ROW = 26;
const LEFT = 330;
const ROOM_FOR_FIGURES = 110;
const MOST_BARS = 100;
const HEIGHT = 340;
const MOST_LINES = 6;
const ONE_LINE = "all rows";

const shortened = (text, most = 44) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export class ResultChart {
  label = "Chart";
  priority = 5;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const table = solutions(this.yasr);
    return Boolean(table && numberColumns(table).length && (this.namesIn(table).length || dateColumns(table).length));
  }

  // Columns that say what a number is of: any that is no column of numbers, nor of labels of another.
  namesIn(table) {
    const numbers = numberColumns(table);
    const labels = new Set(table.names.map((name) => `${name}Label`));
    return table.names.filter((name) => !numbers.includes(name) && !labels.has(name));
  }

  draw() {
    const table = solutions(this.yasr);
    const numbers = numberColumns(table);
    const dates = dateColumns(table);
    const names = [...dates, ...this.namesIn(table).filter((name) => !dates.includes(name))];
    const groups = [ONE_LINE, ...names.filter((name) => !dates.includes(name))];
    const holder = document.createElement("div");
    holder.className = "result-view";
    const show = ({ Names = names[0], Numbers = numbers[0], Lines = groups.at(groups.length > 1 ? 1 : 0) }) => {
      holder.querySelector("figure")?.remove();
      holder.append(dates.includes(Names) ? this.lines(table, Names, Numbers, Lines) : this.figure(table, Names, Numbers));
    };
    const choices = [["Names", names, names[0]], ["Numbers", numbers, numbers[0]]];
    if (dates.length) choices.push(["Lines", groups, groups.at(groups.length > 1 ? 1 : 0)]);
    holder.append(chooser(choices, show));
    show({});
    this.yasr.resultsEl.append(holder);
  }

  figure(table, names, numbers) {
    const bars = table.rows
      .map((row) => ({ name: nameOf(table, row, names), number: numberOf(row[numbers]), written: row[numbers]?.value }))
      .filter((bar) => bar.number !== null);
    const shown = bars.slice(0, MOST_BARS);
    const [least, most] = [Math.min(0, ...shown.map((bar) => bar.number)), Math.max(0, ...shown.map((bar) => bar.number))];
    const unit = (WIDTH - LEFT - ROOM_FOR_FIGURES) / (most - least || 1);
    const zero = LEFT - least * unit;
    this.drawing = svg("svg", {
      class: "bars", viewBox: `0 0 ${WIDTH} ${ROW * shown.length + 8}`, role: "img", xmlns: "http://www.w3.org/2000/svg",
      "aria-label": `${numbers} by ${names}, ${shown.length} bars; the table has the same figures`,
    });
    shown.forEach((bar, place) => {
      const y = 4 + ROW * place;
      const length = Math.abs(bar.number) * unit;
      const name = svg("text", { x: LEFT - 10, y: y + 15, "text-anchor": "end" }, shortened(bar.name));
      name.append(svg("title", {}, bar.name));
      this.drawing.append(
        name,
        svg("rect", { x: bar.number < 0 ? zero - length : zero, y, width: length.toFixed(1), height: ROW - 8 }),
        svg("text", { x: zero + Math.max(0, bar.number) * unit + 8, y: y + 15 }, bar.written),
      );
    });
    const figure = document.createElement("figure");
    figure.className = "chart";
    const caption = document.createElement("figcaption");
    caption.textContent = `${numbers} by ${names}`;
    figure.append(caption, this.drawing);
    if (bars.length > shown.length) figure.append(note(`The first ${shown.length} of ${bars.length} rows.`));
    return figure;
  }

  // Rows by what their lines are named after, each a list of dates with numbers, the longest first.
  series(table, dates, numbers, groups) {
    const found = new Map();
    for (const row of table.rows) {
      const [date, number] = [dateOf(row[dates]), numberOf(row[numbers])];
      if (date === null || number === null) continue;
      const name = groups === ONE_LINE ? numbers : nameOf(table, row, groups) || "?";
      if (!found.has(name)) found.set(name, []);
      found.get(name).push({ date, number, words: `${name}, ${row[dates].value}: ${row[numbers].value}` });
    }
    for (const points of found.values()) points.sort((one, other) => one.date - other.date);
    return [...found].sort(([, one], [, other]) => other.length - one.length);
  }

  lines(table, dates, numbers, groups) {
    const all = this.series(table, dates, numbers, groups);
    const shown = all.slice(0, MOST_LINES);
    const points = shown.flatMap(([, line]) => line);
    const [first, last] = [Math.min(...points.map((p) => p.date)), Math.max(...points.map((p) => p.date))];
    const [least, most] = [Math.min(0, ...points.map((p) => p.number)), Math.max(0, ...points.map((p) => p.number))];
    const x = (date) => 100 + (WIDTH - 130) * (last > first ? (date - first) / (last - first) : 0.5);
    const y = (number) => HEIGHT - 40 - (HEIGHT - 60) * ((number - least) / (most - least || 1));
    this.drawing = svg("svg", {
      class: "lines", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", xmlns: "http://www.w3.org/2000/svg",
      "aria-label": `${numbers} by ${dates}, ${shown.length} lines; the table has the same figures`,
    });
    for (let step = 0; step <= 4; step += 1) {
      const number = least + ((most - least) * step) / 4;
      const words = number.toLocaleString("en", { maximumFractionDigits: 2 });
      this.drawing.append(
        svg("line", { class: "tick", x1: 100, x2: WIDTH, y1: y(number), y2: y(number) }),
        svg("text", { x: 90, y: y(number) + 5, "text-anchor": "end" }, words),
      );
    }
    const stride = Math.max(1, Math.ceil((last - first) / 12));
    for (let year = Math.ceil(first); year <= last; year += stride) {
      this.drawing.append(svg("text", { x: x(year), y: HEIGHT - 10, "text-anchor": "middle" }, `${year}`));
    }
    shown.forEach(([, line], place) => {
      const group = svg("g", { class: `line line-${place + 1}` });
      group.append(svg("polyline", { points: line.map((p) => `${x(p.date).toFixed(1)},${y(p.number).toFixed(1)}`).join(" ") }));
      for (const p of line) group.append(svg("circle", { cx: x(p.date).toFixed(1), cy: y(p.number).toFixed(1), r: 4 }, svg("title", {}, p.words)));
      this.drawing.append(group);
    });
    const figure = document.createElement("figure");
    figure.className = "chart";
    const caption = document.createElement("figcaption");
    caption.textContent = `${numbers} by ${dates}`;
    const keys = document.createElement("ul");
    keys.className = "keys";
    shown.forEach(([name], place) => {
      const item = document.createElement("li");
      const group = svg("g", { class: `line line-${place + 1}` }, svg("polyline", { points: "0,5 40,5" }), svg("circle", { cx: 20, cy: 5, r: 4 }));
      item.append(svg("svg", { class: "lines key", viewBox: "0 0 40 10", "aria-hidden": "true" }, group), ` ${name}`);
      keys.append(item);
    });
    figure.append(caption, this.drawing, keys);
    if (all.length > shown.length) figure.append(note(`The ${shown.length} longest of ${all.length} lines.`));
    return figure;
  }

  download(name) {
    return this.drawing && asFile(this.drawing, name);
  }
}
