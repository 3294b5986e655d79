// What went wrong with a query: the words of the service, with the line and the column that it means.
const PLACE = /(?:\bat |line )(\d+)(?::|,? col(?:umn)?\.? )(\d+)/i;

export function placeIn(words) {
  const found = PLACE.exec(words);
  return found && { line: Number(found[1]), column: Number(found[2]) };
}

const paragraph = (text, className = "") => {
  const element = document.createElement("p");
  element.textContent = text;
  element.className = className;
  return element;
};

function problemIn(answer) {
  try {
    const { what, where, remedy } = JSON.parse(answer);
    return what ? { what, where, remedy } : null;
  } catch {
    return null;
  }
}

// The line of the query with a caret below the column, and a button that leads there.
function passage(editor, { line, column }) {
  const holder = document.createElement("div");
  const text = editor.getDoc().getLine(line - 1) ?? "";
  const shown = document.createElement("pre");
  shown.textContent = `${text}\n${" ".repeat(Math.max(0, Math.min(column - 1, text.length)))}^`;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `Go to line ${line}, column ${column}`;
  button.addEventListener("click", () => {
    editor.focus();
    editor.getDoc().setCursor({ line: line - 1, ch: column - 1 });
  });
  holder.append(shown, button);
  return holder;
}

const STOPPED = { what: "The query was stopped.", remedy: "Ask again with the arrow, or Ctrl+Enter." };

function told(error) {
  const words = error.text || error.statusText || "The service did not answer.";
  return problemIn(error.text ?? "") ?? (/\babort/i.test(words) ? STOPPED : { what: words, remedy: "" });
}

// Returns the element that shows what YASR knows of a failed answer, with its place in the editor.
export function problemOf(editor, error) {
  const problem = told(error);
  const place = placeIn(problem.what);
  const holder = document.createElement("div");
  holder.className = "query-problem";
  holder.setAttribute("role", "alert");
  const at = place ? `Line ${place.line}, column ${place.column}: ` : "";
  holder.append(paragraph(at + problem.what, "what"));
  if (place && place.line <= editor.getDoc().lineCount()) holder.append(passage(editor, place));
  if (problem.remedy) holder.append(paragraph(problem.remedy));
  return holder;
}
