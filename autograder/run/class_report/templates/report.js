"use strict";
// Sorts and filters the table of students. It reads what stands in the page, and writes no markup.
(() => {
  const table = document.getElementById("students");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const field = name => document.getElementById(`filter-${name}`);
  const fields = ["text", "section", "status", "question", "answer"].map(field);
  const [text, section, state, question, answer] = fields;

  const valueOf = (row, place, numeric) => {
    const cell = row.cells[place];
    const value = cell.dataset.value ?? cell.textContent.trim();
    if (value === "") return null;
    return numeric ? Number(value) : value;
  };

  const sortBy = head => {
    const place = head.cellIndex;
    const numeric = head.dataset.kind === "number";
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : numeric;
    const order = down ? -1 : 1;
    const compare = numeric ? (a, b) => a - b : (a, b) => a.localeCompare(b, undefined, {numeric: true});
    const keyed = rows.map(row => [valueOf(row, place, numeric), row]);
    keyed.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null) : order * compare(a, b));
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...keyed.map(([, row]) => row));
  };

  const fits = row => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.every(word => row.dataset.find.includes(word))) return false;
    if (section && section.value && row.dataset.section !== section.value) return false;
    if (state.value && !row.dataset.states.split(" ").includes(state.value)) return false;
    if (!answer.value) return true;
    const asked = heads.filter(head => head.dataset.question && (!question.value || head.dataset.question === question.value));
    return asked.some(head => row.cells[head.cellIndex].dataset.status === answer.value);
  };

  const filter = () => {
    let shown = 0;
    for (const row of rows) shown += !(row.hidden = !fits(row));
    document.getElementById("shown").textContent = `${shown} of ${rows.length} students`;
  };

  const show = (name, status) => {
    for (const one of fields) if (one) one.value = "";
    question.value = name;
    answer.value = status;
    filter();
    document.getElementById("all-students").scrollIntoView();
  };

  for (const head of heads) head.querySelector("button").addEventListener("click", () => sortBy(head));
  for (const one of fields) if (one) one.addEventListener("input", filter);
  document.getElementById("filter-none").addEventListener("click", () => {
    for (const one of fields) if (one) one.value = "";
    filter();
  });
  for (const part of document.querySelectorAll("rect[data-question]"))
    part.addEventListener("click", () => show(part.dataset.question, part.dataset.status));
  document.documentElement.classList.add("scripted");
  filter();
})();
