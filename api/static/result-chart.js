// A view of results: bars, for a column of names with a column of numbers.
import { asFile, chooser, nameOf, note, numberColumns, numberOf, solutions, svg } from "/static/result-values.js";

const WIDTH = 1000;
const ROW = 26;
const LEFT = 330;
const ROOM_FOR_FIGURES = 110;
const MOST_BARS = 100;

const shortened = (text, most = 44) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export class ResultChart {
  label = "Chart";
  priority = 5;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const table = solutions(this.yasr);
    return Boolean(table && numberColumns(table).length && this.namesIn(table).length);
  }

  // Columns that say what a number is of: any that is no column of numbers, nor of labels of another.
  namesIn(table) {
    const numbers = numberColumns(table);
    const labels = new Set(table.names.map((name) => `${name}Label`));
    return table.names.filter((name) => !numbers.includes(name) && !labels.has(name));
  }

  draw() {
    const table = solutions(this.yasr);
    const [names, numbers] = [this.namesIn(table), numberColumns(table)];
    const holder = document.createElement("div");
    holder.className = "result-view";
    const show = ({ Names = names[0], Numbers = numbers[0] }) => {
      holder.querySelector("figure")?.remove();
      holder.append(this.figure(table, Names, Numbers));
    };
    holder.append(chooser([["Names", names, names[0]], ["Numbers", numbers, numbers[0]]], show));
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

  download(name) {
    return this.drawing && asFile(this.drawing, name);
  }
}
