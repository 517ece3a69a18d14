"use strict";
// Sorts tables, writes them as CSV, and switches what matrices and curves show.

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csv = (rows) => rows.map((row) => row.map(quoted).join(",") + "\n").join("");

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function button(title, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = title;
  made.addEventListener("click", act);
  return made;
}

// --- sorting: by the values behind the cells; empty ones come last either way

function sortBy(head) {
  const table = head.closest("table"), body = table.tBodies[0], at = head.cellIndex;
  const numeric = head.dataset.kind === "number";
  const before = head.getAttribute("aria-sort");
  const way = before ? (before === "ascending" ? -1 : 1) : numeric ? -1 : 1;
  const compare = (a, b) => {
    const [x, y] = [a, b].map((row) => row.cells[at].dataset.v);
    if (!x || !y) return !x - !y;
    return way * (numeric ? x - y : x.localeCompare(y, "en", { numeric: true }));
  };
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
  body.append(...[...body.rows].sort(compare));
}

function makeSortable(table) {
  for (const head of table.tHead.rows[0].cells) {
    if (!head.dataset.field) continue;
    const sort = document.createElement("button");
    sort.type = "button";
    sort.className = "sort";
    sort.append(...head.childNodes);
    sort.addEventListener("click", () => sortBy(head));
    head.append(sort);
  }
}

// --- CSV: the values behind the cells, in the order shown

function tableRows(table) {
  const heads = [...table.tHead.rows[0].cells];
  const wanted = heads.flatMap((head, at) => (head.dataset.field ? [at] : []));
  const body = [...table.tBodies[0].rows].map((row) => wanted.map((at) => row.cells[at].dataset.v));
  return [wanted.map((at) => heads[at].dataset.field), ...body];
}

function segmentRows(data) {
  const rows = [["episode", "character", "start_s", "end_s"]];
  for (const episode of data.episodes)
    for (const lane of episode.lanes)
      for (const [start, end] of intervalsOf(episode, lane))
        rows.push([episode.name, data.characters[lane[0]][0], inSeconds(start), inSeconds(end)]);
  return rows;
}

const inSeconds = (ms) => (ms / 1000).toFixed(3);

function intervalsOf(episode, [, deltas]) {
  const found = [];
  for (let at = episode.start, n = 0; n < deltas.length; n += 2) {
    const start = at + deltas[n];
    at = start + deltas[n + 1];
    found.push([start, at]);
  }
  return found;
}

// --- switches

function showUnit(table, unit) {
  for (const span of table.querySelectorAll(`tbody [data-${unit}]`)) {
    const cell = span.parentElement;
    cell.classList.remove(...[...cell.classList].filter((name) => /^h\d/.test(name)));
    cell.classList.add(span.dataset[`${unit}Heat`]);
    cell.dataset.v = span.dataset[`${unit}Value`];
    span.textContent = span.dataset[unit];
  }
}

function scaleCurves(own) {
  for (const group of document.querySelectorAll("[data-own]"))
    group.style.transform = own ? `scaleY(${group.dataset.own})` : "";
  for (const note of document.querySelectorAll("[data-scale-note]")) note.hidden = !own;
}

for (const table of document.querySelectorAll("table[data-file]")) {
  makeSortable(table);
  const tools = table.closest("section").querySelector(".tools");
  tools.append(button("CSV", () => save(csv(tableRows(table)), table.dataset.file)));
  tools.lastChild.setAttribute("aria-label", `Save "${table.caption.textContent}" as CSV`);
}
for (const choice of document.querySelectorAll("[data-matrix]"))
  choice.addEventListener("change", (event) =>
    showUnit(document.getElementById(choice.dataset.matrix), event.target.value));
for (const choice of document.querySelectorAll("[data-scale]"))
  choice.addEventListener("change", (event) => scaleCurves(event.target.value === "own"));
