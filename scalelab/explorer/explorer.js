// The playground of problem 3.1. It draws tables that Python made, and computes nothing about networks itself.

const SVG = "http://www.w3.org/2000/svg";
const WAYS = { compound: "all three", depth: "depth alone", width: "width alone", resolution: "resolution alone" };
const STAGES = ["stem", "1", "2", "3", "4", "5", "6", "7", "head"];
const BASES = { alpha: ["α", "depth"], beta: ["β", "width"], gamma: ["γ", "resolution"] };
const LEFT = 52, RIGHT = 14; // of the cost chart, and of the slider above it
const THUMB = 10; // half of the slider's thumb
const G_LEAST = 0.05, G_MOST = 100; // of the axes for multiply-adds, in G
const TYPED_MS = 500; // without a further key, before a number that is being typed counts
const ANSWER_MS = 8000; // for the kernel to count anew, before we say that it is silent

const svg = (name, attributes = {}, parent = null) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
};
const html = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const signed = (text) => text.replace("-", "−");
const phiText = (phi) => signed((Math.abs(phi) < 0.005 ? 0 : phi).toFixed(2));
const times = (ratio) => (ratio < 10 ? ratio.toFixed(2) : ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0)) + " ×";
const short = (count) => {
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]])
    if (count >= 0.9995 * size) return `${(count / size).toPrecision(3)} ${unit}`;
  return String(count);
};
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const list = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/** The index of the last row whose φ is not above this one. */
function rowAt(table, phi) {
  let low = 0, high = table.phi.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table.phi[middle] <= phi + 1e-12) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The stages that have more layers in a row than in the row before it. */
const grown = (table, row) =>
  row ? STAGES.slice(1, 8).filter((_, stage) => table.layers[row][stage] > table.layers[row - 1][stage]) : [];

// ---- the network: a stack of layers for each stage

class Stacks {
  constructor(parent) {
    this.svg = svg("svg", { role: "img" }, parent);
    this.back = svg("g", {}, this.svg);
    this.front = svg("g", {}, this.svg);
  }

  /** Place the stages so that the largest network fits; everything else is drawn on the same scale. */
  resize(width, largest, ghosts, id) {
    this.id = id;
    const margin = 62, gap = width < 700 ? 7 : 12, least = 32, room = width - margin - gap * STAGES.length;
    const layers = [1, ...largest.layers, 1];
    const roots = largest.channels.map(Math.sqrt);
    const slots = (k) => roots.map((root, i) => Math.max(least, k * (root + 1.55 * (layers[i] - 1)) + 2));
    let k = 8;
    while (k > 0.3 && sum(slots(k)) > room) k -= 0.02;
    const spare = Math.max(0, room - sum(slots(k))) / STAGES.length;
    this.k = k;
    this.over = 1.55 * k; // from one layer to the next, to the right
    this.up = Math.min(0.8 * k, 3.4);
    this.tall = (width < 700 ? 128 : 150) / Math.sqrt(Math.max(...largest.pixels));
    this.base = (width < 700 ? 128 : 150) + 22 + this.up * 2;
    this.slots = [];
    let x = margin;
    for (const slot of slots(k)) {
      this.slots.push([x, slot + spare]);
      x += slot + spare + gap;
    }
    const height = this.base + 76;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.height = `${height}px`;
    const clips = this.slots.map(([x, slot], i) =>
      `<clipPath id="${id}-${i}"><rect x="${x - 1}" y="0" width="${slot + gap - 1}" height="${this.base + 2}"/></clipPath>`);
    const hatch = `<pattern id="${id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect class="csl-fresh" width="5" height="5"/><line class="csl-hatch" x1="0" x2="0" y1="0" y2="5"/></pattern>`;
    const rows = ["stage", "layers", "channels", "pixels in"].map((name, i) =>
      `<text class="csl-dim" x="0" y="${this.base + 18 + 17 * i}">${name}</text>`);
    const ground = `<line class="csl-axis" x1="${margin}" x2="${width - gap}" y1="${this.base}" y2="${this.base}"/>`;
    this.back.innerHTML = `<defs>${clips.join("")}${hatch}</defs>${rows.join("")}${ground}${this.key(width)}`;
    this.ghosts = Object.entries(ghosts).map(([name, one]) => this.outlines(name, one)).join("");
  }

  key(width) {
    const line = (x, look, name) =>
      `<line class="csl-ghost ${look}" x1="${x}" x2="${x + 22}" y1="9" y2="9"/><text class="csl-dim" x="${x + 27}" y="13">${name}</text>`;
    const fresh = `<rect x="${width - 98}" y="3" width="14" height="12" fill="url(#${this.id}-hatch)"/>`;
    return line(width - 218, "", "B0") + line(width - 158, "csl-ghost-7", "B7") + fresh +
      `<text class="csl-dim" x="${width - 79}" y="13">new since B0</text>`;
  }

  size(network, i) {
    const layers = i === 0 || i === 8 ? 1 : network.layers[i - 1];
    return [layers, this.k * Math.sqrt(network.channels[i]), this.tall * Math.sqrt(network.pixels[i])];
  }

  outlines(name, network) {
    return this.slots.map(([x], i) => {
      const [layers, wide, high] = this.size(network, i);
      const right = (layers - 1) * this.over, up = (layers - 1) * this.up, y = this.base;
      const look = name === "B0" ? "csl-ghost" : "csl-ghost csl-ghost-7";
      const path = up
        ? `M${x} ${y}h${wide}l${right} ${-up}v${-high}h${-wide}l${-right} ${up}z`
        : `M${x} ${y}h${wide}v${-high}h${-wide}z`;
      return `<path class="csl-halo" d="${path}"/><path class="${look}" d="${path}"/>`;
    }).join("");
  }

  draw(network, b0, just, label) {
    const drawn = [];
    for (const [i, [x, slot]] of this.slots.entries()) {
      const [layers, wide, high] = this.size(network, i);
      const before = i === 0 || i === 8 ? 1 : b0.layers[i - 1];
      const shown = Math.min(layers, Math.ceil(slot / this.over) + 2);
      const cards = [];
      for (let layer = shown - 1; layer >= 0; layer--) {
        const fresh = layer >= before;
        const look = ["csl-layer", layer ? "" : "csl-front", fresh && just.includes(STAGES[i]) && layer === layers - 1 ? "csl-just" : ""];
        const fill = fresh ? ` style="fill:url(#${this.id}-hatch)"` : "";
        cards.push(`<rect class="${look.join(" ")}"${fill} x="${x + layer * this.over}" y="${this.base - high - layer * this.up}" width="${wide}" height="${high}"/>`);
      }
      drawn.push(`<g clip-path="url(#${this.id}-${i})">${cards.join("")}</g>`);
      const end = wide + (layers - 1) * this.over;
      if (end > slot + 4) drawn.push(`<text class="csl-strong" x="${x + slot - 8}" y="${this.base - 5}" text-anchor="middle" style="paint-order:stroke;stroke:var(--csl-paper);stroke-width:3px">→</text>`);
      const middle = x + slot / 2, y = this.base + 18;
      const more = layers - before;
      const change = more ? `<tspan class="${more > 0 ? "csl-more" : "csl-dim"}"> ${more > 0 ? "+" : "−"}${Math.abs(more)}</tspan>` : "";
      drawn.push(
        `<text class="csl-strong" text-anchor="middle" x="${middle}" y="${y}">${STAGES[i]}</text>` +
        `<text text-anchor="middle" x="${middle}" y="${y + 17}">${layers}${slot < 44 && layers > 9 ? "" : change}</text>` +
        `<text text-anchor="middle" x="${middle}" y="${y + 34}">${network.channels[i]}</text>` +
        `<text text-anchor="middle" x="${middle}" y="${y + 51}">${network.pixels[i]}</text>`);
    }
    this.front.innerHTML = drawn.join("") + this.ghosts;
    this.svg.setAttribute("aria-label", label);
  }
}

// ---- the cost against φ, below the slider

class CostChart {
  constructor(parent) {
    this.svg = svg("svg", { role: "img" }, parent);
    this.back = svg("g", {}, this.svg);
    this.front = svg("g", {}, this.svg);
  }

  x(phi) {
    return LEFT + ((phi - this.lowest) / (this.highest - this.lowest)) * (this.width - LEFT - RIGHT);
  }

  y(macs) {
    const part = Math.log(macs / 1e9 / G_LEAST) / Math.log(G_MOST / G_LEAST);
    return this.top + (1 - Math.min(1.02, Math.max(-0.02, part))) * (this.bottom - this.top);
  }

  resize(width, table, rate, marks) {
    Object.assign(this, { width, lowest: table.phi[0], highest: table.phi.at(-1), top: marks.own.length ? 44 : 28, bottom: 206 });
    this.svg.setAttribute("viewBox", `0 0 ${width} 244`);
    this.svg.style.height = "244px";
    const parts = [];
    for (const g of [0.1, 1, 10, 100]) {
      const y = this.y(g * 1e9);
      parts.push(`<line class="csl-grid" x1="${LEFT}" x2="${width - RIGHT}" y1="${y}" y2="${y}"/>` +
        `<text class="csl-dim" text-anchor="end" x="${LEFT - 7}" y="${y + 4}">${g} G</text>`);
    }
    for (let phi = this.lowest; phi <= this.highest; phi++) {
      parts.push(`<line class="csl-axis" x1="${this.x(phi)}" x2="${this.x(phi)}" y1="${this.bottom}" y2="${this.bottom + 4}"/>` +
        `<text class="csl-dim" text-anchor="middle" x="${this.x(phi)}" y="${this.bottom + 17}">${signed(String(phi))}</text>`);
    }
    parts.push(`<line class="csl-axis" x1="${LEFT}" x2="${width - RIGHT}" y1="${this.bottom}" y2="${this.bottom}"/>` +
      `<text class="csl-dim" text-anchor="middle" x="${(LEFT + width - RIGHT) / 2}" y="${this.bottom + 35}">φ</text>`);
    const ticks = table.new.map((row) => `M${this.x(table.phi[row])} 2v${5 + grown(table, row).length}`).join("");
    parts.push(`<path class="csl-tick" d="${ticks}"/><text class="csl-dim" text-anchor="end" x="${LEFT - 7}" y="13">new</text>`);
    if (marks.own.length) {
      const inside = marks.own.filter((phi) => phi >= this.lowest && phi <= this.highest);
      parts.push(inside.map((phi) => `<circle class="csl-own" cx="${this.x(phi)}" cy="26" r="3.2"/>`).join("") +
        `<text class="csl-dim" text-anchor="end" x="${LEFT - 7}" y="30">yours</text>`);
    }
    if (marks.prediction !== null) {
      const at = this.x(Math.min(this.highest, Math.max(this.lowest, marks.prediction)));
      parts.push(`<path class="csl-said" d="M${at} 12l-5 9h10z"/>`);
    }
    const points = (column) => table.phi.map((phi, i) => `${this.x(phi).toFixed(1)} ${this.y(column[i]).toFixed(1)}`).join("L");
    parts.push(`<path class="csl-line csl-by-rule" d="M${points(table.rule)}"/><path class="csl-line" d="M${points(table.macs)}"/>`);
    const key = (y, look, text) => `<line class="csl-line ${look}" x1="${LEFT + 10}" x2="${LEFT + 34}" y1="${y - 4}" y2="${y - 4}"/>` +
      `<text class="csl-strong ${look}-text" x="${LEFT + 41}" y="${y}">${text}</text>`;
    parts.push(key(this.top + 13, "csl-real", "multiply-adds as built, counted") +
      key(this.top + 31, "csl-by-rule", `by the rule, ${rate.toFixed(2)}<tspan dy="-4" font-size="10">φ</tspan>`));
    this.back.innerHTML = parts.join("");
  }

  draw(table, row, budget, label) {
    const x = this.x(table.phi[row]);
    const parts = [];
    if (budget) {
      const y = this.y(budget);
      parts.push(`<line class="csl-limit" x1="${LEFT}" x2="${this.width - RIGHT}" y1="${y}" y2="${y}"/>` +
        `<text class="csl-strong csl-limit-text" text-anchor="end" x="${this.width - RIGHT}" y="${y - 5}">budget ${short(budget)}</text>`);
    }
    parts.push(`<line class="csl-cursor" x1="${x}" x2="${x}" y1="0" y2="${this.bottom}"/>` +
      `<circle class="csl-dot csl-dot-rule" cx="${x}" cy="${this.y(table.rule[row])}" r="4.5"/>` +
      `<circle class="csl-dot" cx="${x}" cy="${this.y(table.macs[row])}" r="5"/>`);
    this.front.innerHTML = parts.join("");
    this.svg.setAttribute("aria-label", label);
  }
}

// ---- published accuracy against cost

class AccuracyChart {
  constructor(parent) {
    this.svg = svg("svg", { role: "img" }, parent);
    this.back = svg("g", {}, this.svg);
    this.front = svg("g", {}, this.svg);
  }

  x(macs) {
    const part = Math.log(macs / 1e9 / G_LEAST) / Math.log(G_MOST / G_LEAST);
    return 40 + Math.min(1, Math.max(0, part)) * (this.width - 40 - 12);
  }

  resize(width, published) {
    Object.assign(this, { width, top: 28, bottom: 206 });
    this.published = published;
    this.svg.setAttribute("viewBox", `0 0 ${width} 244`);
    this.svg.style.height = "244px";
    const y = (accuracy) => this.bottom - ((accuracy - 76) / 10) * (this.bottom - this.top);
    const parts = [`<text class="csl-strong" x="0" y="12">Published accuracy on ImageNet</text>`];
    for (const accuracy of [76, 78, 80, 82, 84, 86]) {
      parts.push(`<line class="csl-grid" x1="40" x2="${width - 12}" y1="${y(accuracy)}" y2="${y(accuracy)}"/>` +
        `<text class="csl-dim" text-anchor="end" x="34" y="${y(accuracy) + 4}">${accuracy}%</text>`);
    }
    for (const g of [0.1, 1, 10, 100])
      parts.push(`<text class="csl-dim" text-anchor="${g === 100 ? "end" : "middle"}" x="${this.x(g * 1e9) + (g === 100 ? 6 : 0)}" y="${this.bottom + 17}">${g} G</text>`);
    parts.push(`<text class="csl-dim" text-anchor="middle" x="${(40 + width - 12) / 2}" y="${this.bottom + 35}">multiply-adds</text>`);
    parts.push(`<path class="csl-path" d="M${published.map((one) => `${this.x(one.macs)} ${y(one.accuracy)}`).join("L")}"/>`);
    for (const one of published)
      parts.push(`<circle class="csl-published" cx="${this.x(one.macs)}" cy="${y(one.accuracy)}" r="4"/>` +
        `<text x="${this.x(one.macs) + 5}" y="${y(one.accuracy) + 16}">${one.name}</text>`);
    this.back.innerHTML = parts.join("");
    const said = published.map((one) => `${one.name}: ${one.accuracy.toFixed(1)}% for ${short(one.macs)}`).join("; ");
    this.svg.setAttribute("aria-label", `Published accuracy on ImageNet against multiply-adds. ${said}.`);
  }

  draw(macs, budget) {
    const line = (look, at) => `<line class="${look}" x1="${this.x(at)}" x2="${this.x(at)}" y1="${this.top}" y2="${this.bottom}"/>`;
    const last = this.x(macs) > this.width - 90;
    this.front.innerHTML = (budget ? line("csl-limit", budget) : "") + line("csl-cursor", macs) +
      `<text class="csl-strong csl-real-text" text-anchor="${last ? "end" : "start"}" x="${this.x(macs) + (last ? -5 : 5)}" y="${this.top + 8}">${short(macs)}</text>`;
  }
}

// ---- the widget

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.id = `csl${Math.random().toString(36).slice(2)}`;
    this.root = html("section", { class: "csl", "aria-label": "Playground: EfficientNet at φ", "data-lm-suppress-shortcuts": "true" });
    this.build();
    el.append(this.root);
    this.phi = model.get("ask") && model.get("prediction") === null ? 0 : model.get("phi");
    this.furthest = this.phi;
    this.way = model.get("way");
    this.cleanups = [];
    this.listen();
    this.look();
    this.lay();
  }

  build() {
    const ways = Object.entries(WAYS).map(([way, name]) =>
      html("label", {}, html("input", { type: "radio", name: `${this.id}-way`, value: way }), html("span", {}, name)));
    this.ways = html("fieldset", {}, html("legend", {}, "Grow"), html("div", { class: "csl-ways" }, ...ways));
    const bases = Object.entries(BASES).map(([name, [letter, what]]) =>
      html("label", {}, letter, html("input", { type: "number", name, min: 1, max: 2, step: "any", "aria-label": `${letter}, the base of the ${what}` })));
    this.bases = html("fieldset", { class: "csl-bases" }, html("legend", { class: "csl-quiet" }, "Bases"), ...bases);
    this.budget = html("input", { type: "number", min: 0, step: 0.1, placeholder: "none" });
    const budget = html("label", { class: "csl-number" }, "Budget", this.budget, "G");
    this.bar = html("div", { class: "csl-bar" }, this.ways, this.bases, budget);
    this.error = html("p", { class: "csl-note csl-error", role: "alert", hidden: "" });
    this.busy = html("p", { class: "csl-small", role: "status", hidden: "" });
    this.facts = html("div", { class: "csl-facts" });
    this.picture = html("div", {});
    this.stacks = new Stacks(this.picture);
    this.sizes = html("p", { class: "csl-small" },
      "One block per stage: its height is the resolution, its width the channels (√ of both), and each sheet is a layer. The scale stays the same; → means that a block goes on.");
    this.buildPredict();
    this.buildCharts();
    this.told = html("p", { class: "csl-told", "aria-live": "polite" });
    this.live = html("div", { class: "csl-quiet", "aria-live": "polite" });
    this.numbers = html("details", {}, html("summary", {}, "All numbers as a table"), html("div", {}));
    this.root.append(this.bar, this.error, this.busy, this.facts, this.picture, this.sizes, this.predict, this.told, this.charts, this.live, this.numbers);
  }

  buildPredict() {
    this.guess = html("input", { type: "number", step: 0.01, min: -3, max: 7, required: "", "aria-label": "Your prediction of φ" });
    const question = html("p", {});
    question.innerHTML = "<strong>Predict first.</strong> This is B0: its seven stages have 16 layers. When φ grows from 0, where does the first new layer come?";
    this.form = html("form", {}, html("label", { class: "csl-number" }, "At φ =", this.guess), html("button", { type: "submit" }, "Write it down"),
      html("span", { class: "csl-small" }, "Then the slider opens."));
    this.predict = html("div", { class: "csl-predict" }, question, this.form);
  }

  buildCharts() {
    this.back = html("button", { type: "button" }, "◂ new layer");
    this.back.setAttribute("aria-label", "To the previous new layer");
    this.forth = html("button", { type: "button" }, "new layer ▸");
    this.forth.setAttribute("aria-label", "To the next new layer");
    this.keys = html("p", { class: "csl-small", id: `${this.id}-keys` }, "On the slider: ← → go from new layer to new layer, Shift + ← → one small step.");
    this.slider = html("input", { type: "range", step: "any", "aria-label": "φ, the compound coefficient", "aria-describedby": `${this.id}-keys` });
    this.slot = html("div", { class: "csl-slider" }, this.slider);
    const left = html("div", {}, html("div", { class: "csl-bar" }, this.back, this.forth), this.slot);
    this.costs = new CostChart(left);
    this.right = html("div", {});
    this.accuracies = new AccuracyChart(this.right);
    this.charts = html("div", { class: "csl-charts" }, left, this.right, this.keys,
      html("p", { class: "csl-small" }, this.model.get("source")));
  }

  listen() {
    const on = (target, event, act) => target.addEventListener(event, act);
    on(this.slider, "input", () => this.moved(Number(this.slider.value)));
    on(this.slider, "change", () => this.save({ phi: this.phi }));
    on(this.slider, "keydown", (event) => this.key(event));
    on(this.back, "click", () => this.jump(-1));
    on(this.forth, "click", () => this.jump(1));
    on(this.ways, "change", (event) => { this.way = event.target.value; this.save({ way: this.way }); this.look(); this.lay(); });
    on(this.bases, "input", (event) => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.rebase(event.target), TYPED_MS);
    });
    on(this.root, "keydown", (event) => event.stopPropagation()); // JupyterLab's keys are for cells
    on(this.budget, "input", () => { this.save({ budget: Math.max(0, Number(this.budget.value) || 0) }); this.draw(); });
    on(this.numbers, "toggle", () => this.draw());
    on(this.form, "submit", (event) => {
      event.preventDefault();
      this.save({ prediction: Number(this.guess.value) });
      this.look();
      this.lay();
      this.slider.focus();
    });
    const changed = () => { clearTimeout(this.silent); this.look(); this.lay(); };
    for (const name of ["tables", "error", "prediction"]) this.model.on(`change:${name}`, changed);
    const set = () => { // by Python; what the reader does here is known already
      if (this.phi === this.model.get("phi") && this.way === this.model.get("way")) return;
      Object.assign(this, { phi: this.model.get("phi"), way: this.model.get("way") });
      changed();
    };
    for (const name of ["phi", "way"]) this.model.on(`change:${name}`, set);
    const sized = new ResizeObserver(() => { if (Math.abs(this.root.clientWidth - (this.laid ?? 0)) > 1) this.lay(); });
    sized.observe(this.root);
    const themed = new MutationObserver(() => this.theme());
    for (const one of [document.documentElement, document.body]) themed.observe(one, { attributes: true });
    this.cleanups.push(() => sized.disconnect(), () => themed.disconnect(), () => this.model.off(null, changed), () => this.model.off(null, set), () => clearTimeout(this.silent), () => clearTimeout(this.typing));
  }

  save(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Light or dark, by what is behind the widget. */
  theme() {
    let behind = this.root.parentElement, colour = null;
    while (behind && !colour) {
      const parts = getComputedStyle(behind).backgroundColor.match(/[\d.]+/g)?.map(Number);
      if (parts && (parts.length < 4 || parts[3] > 0.5)) colour = parts;
      behind = behind.parentElement;
    }
    const dark = colour ? 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 128 : matchMedia("(prefers-color-scheme: dark)").matches;
    this.root.dataset.theme = dark ? "dark" : "light";
  }

  get table() {
    return this.model.get("tables")[this.way];
  }

  /** What does not depend on φ. */
  look() {
    this.theme();
    const open = !this.model.get("ask") || this.model.get("prediction") !== null;
    this.predict.hidden = open;
    this.charts.hidden = this.bar.hidden = this.numbers.hidden = !open;
    this.error.hidden = !this.model.get("error");
    if (this.error.textContent !== this.model.get("error")) this.error.textContent = this.model.get("error");
    this.busy.hidden = true;
    for (const input of this.ways.querySelectorAll("input")) input.checked = input.value === this.way;
    const show = (input, value) => { if (input !== document.activeElement) input.value = value; }; // not while it is typed in
    for (const input of this.bases.querySelectorAll("input")) show(input, this.model.get(input.name));
    show(this.budget, this.model.get("budget") || "");
    this.slider.min = this.table.phi[0];
    this.slider.max = this.table.phi.at(-1);
  }

  /** Place everything for the width that there is. */
  lay() {
    this.laid = this.root.clientWidth;
    if (!this.laid) return;
    this.stacks.resize(this.picture.clientWidth || this.laid, this.model.get("largest"), this.model.get("ghosts"), this.id);
    if (!this.charts.hidden) {
      const wide = this.costs.svg.parentElement.clientWidth;
      this.slider.style.left = `${LEFT - THUMB}px`;
      this.slider.style.width = `${wide - LEFT - RIGHT + 2 * THUMB}px`;
      this.costs.resize(wide, this.table, this.model.get("rate"), { own: this.model.get("own_phis"), prediction: this.model.get("prediction") });
      this.accuracies.resize(this.right.clientWidth, this.model.get("published"));
    }
    this.draw();
  }

  moved(phi) {
    const step = this.model.get("step");
    this.phi = Math.round(phi / step) * step;
    this.draw();
  }

  key(event) {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey) {
      const step = this.model.get("step"), steps = this.phi / step;
      this.phi = (way > 0 ? Math.floor(steps + 1 + 1e-6) : Math.ceil(steps - 1 - 1e-6)) * step;
      this.phi = Math.min(this.table.phi.at(-1), Math.max(this.table.phi[0], this.phi));
      this.save({ phi: this.phi });
      this.draw();
    } else this.jump(way);
  }

  /** To the next new layer, or back to the previous one. */
  jump(way) {
    const row = this.next(way);
    if (row === undefined) return;
    this.phi = this.table.phi[row];
    this.save({ phi: this.phi });
    this.draw();
    this.live.textContent = this.news(row);
  }

  next(way) {
    const now = rowAt(this.table, this.phi);
    return way > 0 ? this.table.new.find((row) => row > now) : this.table.new.findLast((row) => row < now);
  }

  news(row) {
    const stages = grown(this.table, row);
    if (!stages.length) return "";
    const all = stages.length === 7 ? "all seven stages" : `stage${stages.length > 1 ? "s" : ""} ${list(stages)}`;
    return `Just past φ = ${phiText(this.table.phi[row])}: one layer more in ${all}.`;
  }

  rebase(input) {
    const value = Number(input.value);
    if (!input.validity.valid || !value || value === this.model.get(input.name)) return;
    this.busy.hidden = false;
    this.busy.textContent = "Counting anew …";
    clearTimeout(this.silent);
    this.silent = setTimeout(() => { this.busy.textContent = "The kernel does not answer. It may be busy; or run the cell again."; }, ANSWER_MS);
    this.save({ [input.name]: value });
  }

  draw() {
    const table = this.table, row = rowAt(table, this.phi);
    const b0 = this.model.get("ghosts").B0, budget = this.model.get("budget") * 1e9;
    const network = { layers: table.layers[row], channels: table.channels[row], pixels: table.pixels[row] };
    const macs = table.macs[row], start = sum(b0.stage_macs), more = sum(network.layers) - sum(b0.layers);
    const news = table.new.includes(row) ? this.news(row) : "";
    const past = news && Math.abs(table.phi[row] * 20 - Math.round(table.phi[row] * 20)) < 1e-6 ? "just past " : "";
    const summary = `φ = ${past}${phiText(table.phi[row])}: ${sum(network.layers)} layers, ${network.pixels[0]} pixels, ` +
      `${short(macs)} multiply-adds, ${times(macs / start)} those of B0; by the rule ${times(table.rule[row] / start)}.`;
    this.stacks.draw(network, b0, news ? grown(table, row) : [], `EfficientNet. ${summary}`);
    this.showFacts(past + phiText(table.phi[row]), network, more, macs, table.rule[row], start, table.parameters[row], budget);
    if (this.charts.hidden) return;
    this.furthest = Math.max(this.furthest, this.phi);
    this.slider.value = this.phi;
    this.slider.setAttribute("aria-valuetext", `${summary} ${news}`.trim());
    this.costs.draw(table, row, budget, `Multiply-adds against φ, as built and by the rule. ${summary}`);
    this.accuracies.draw(macs, budget);
    this.back.disabled = this.next(-1) === undefined;
    this.forth.disabled = this.next(1) === undefined;
    const told = news || this.compared();
    if (this.told.textContent !== told) this.told.textContent = told;
    if (this.numbers.open) this.showNumbers(network, table.stage_macs[row]);
  }

  showFacts(phi, network, more, macs, rule, start, parameters, budget) {
    const change = more ? ` <small class="${more > 0 ? "csl-new-text" : ""}">${more > 0 ? `+${more} new` : `−${-more}`}</small>` : "";
    const over = budget ? ` <small class="${macs > budget ? "csl-over" : ""}">${macs > budget ? "over budget" : "in budget"}</small>` : "";
    const facts = [
      ["φ", phi.startsWith("just") ? `<small>just past</small> ${phi.slice(10)}` : phi],
      ["layers in stages 1–7", `${sum(network.layers)}${change}`],
      ["multiply-adds, counted", `${short(macs)} <small>= ${times(macs / start)} B0</small>${over}`],
      ["by the rule", `${short(rule)} <small>= ${times(rule / start)} B0</small>`],
      ["parameters", short(parameters)],
    ];
    this.facts.innerHTML = facts.map(([name, value]) => `<div><span class="csl-fact">${name}</span><strong>${value}</strong></div>`).join("");
  }

  /** What was predicted, beside what is, once the student has been there. */
  compared() {
    const said = this.model.get("prediction"), table = this.model.get("tables").compound;
    if (said === null || this.way !== "compound") return "";
    const first = table.new.find((row) => table.phi[row] > 0);
    if (first === undefined || this.furthest < table.phi[first]) return `You wrote φ = ${phiText(said)} (▲). Move φ, and see.`;
    const stages = grown(table, first);
    const where = stages.length === 7 ? "all seven stages" : `stage ${list(stages)}`;
    return `You wrote φ = ${phiText(said)} (▲). The first new layers come just past φ = ${phiText(table.phi[first])}, in ${where}. Why there?`;
  }

  showNumbers(network, macs) {
    const rows = STAGES.map((name, i) => {
      const layers = i === 0 || i === 8 ? 1 : network.layers[i - 1];
      const title = i === 0 || i === 8 ? name : `stage ${name}`;
      return `<tr><th scope="row">${title}</th><td>${layers}</td><td>${network.channels[i]}</td><td>${network.pixels[i]}</td><td>${short(macs[i])}</td></tr>`;
    });
    this.numbers.lastChild.innerHTML = "<table><thead><tr><th scope='col'><span class='csl-quiet'>stage</span></th><th scope='col'>layers</th>" +
      `<th scope='col'>channels</th><th scope='col'>pixels in</th><th scope='col'>multiply-adds</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
  }
}

/** The still picture is for places where nothing runs: here it gives way. */
function hideStill(id) {
  const still = `[data-still="${id}"]`;
  const style = html("style", {}, `${still}, .jp-OutputArea-child:has(${still}) { display: none !important; }`);
  document.head.append(style);
  return () => style.remove();
}

export default {
  render({ model, el }) {
    const shown = hideStill(model.get("still"));
    const explorer = new Explorer(model, el);
    return () => {
      shown();
      explorer.cleanups.forEach((clean) => clean());
    };
  },
};
