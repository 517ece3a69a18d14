"use strict";
// Draws the timelines: a lane a character, thumbnails above; zoomed and moved by wheel, buttons, keys and fingers.

const DATA = JSON.parse(document.getElementById("data").textContent);
const LANE = 26, AXIS = 24, GAP = 6, FILM = innerWidth < 640 ? 42 : 64, SHORTEST = 2000; // px, and ms that fill the width at least
const STEPS = [0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400].map((s) => s * 1000);

function clock(ms, digits = 0) {
  const scale = 10 ** digits, units = Math.round((ms * scale) / 1000), whole = Math.floor(units / scale);
  const two = (number) => String(number).padStart(2, "0");
  const tail = digits ? "." + String(units % scale).padStart(digits, "0") : "";
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${tail}`;
}

function element(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

const hint = element("div", "hint");
hint.hidden = true;
hint.setAttribute("role", "status");
document.body.append(hint);

class Lanes {
  constructor(place) {
    this.place = place;
    this.episode = DATA.episodes[place.dataset.lanes];
    this.lanes = this.episode.lanes.map((lane) => ({ who: lane[0], intervals: intervalsOf(this.episode, lane) }));
    this.from = this.episode.start;
    this.to = this.episode.end;
    this.pointers = new Map();
    this.build();
    this.loadFilm();
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  build() {
    this.range = document.createElement("output");
    const tools = element("div", "bar-of-tools",
      button("+", () => this.zoom(0.5)), button("−", () => this.zoom(2)), button("All", () => this.all()), this.range);
    ["Zoom in", "Zoom out", "Show all"].forEach((said, n) => tools.children[n].setAttribute("aria-label", said));
    const names = element("ul", "names");
    for (const lane of this.lanes) names.append(element("li", "", nameOf(lane.who)));
    this.canvas = document.createElement("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label",
      `Timeline of ${this.episode.shown}: plus and minus zoom, arrow keys move, Home shows all`);
    this.names = names;
    this.place.append(tools, element("div", "frame", names, this.canvas));
    this.listen();
  }

  loadFilm() {
    const stored = document.getElementById(`sheet-${this.place.dataset.lanes}`);
    this.top = AXIS + (stored && this.episode.sheet ? FILM + GAP : 0);
    this.names.style.paddingTop = `${this.top}px`;
    this.height = this.top + LANE * Math.max(1, this.lanes.length) + 10;
    this.canvas.style.height = `${this.height}px`;
    if (this.top === AXIS) return;
    const film = new Image();
    film.onload = () => { this.film = film; this.draw(); };
    film.src = `data:image/webp;base64,${stored.textContent}`;
  }

  // --- looking: what part of the episode is shown

  look(from, to) {
    const { start, end } = this.episode;
    const span = Math.min(end - start, Math.max(Math.min(SHORTEST, end - start), to - from));
    this.from = Math.min(Math.max(start, from), end - span);
    this.to = this.from + span;
    hint.hidden = true;
    this.draw();
  }

  all() { this.look(this.episode.start, this.episode.end); }
  move(share) { const by = (this.to - this.from) * share; this.look(this.from + by, this.to + by); }
  zoom(factor, at = (this.from + this.to) / 2) {
    const { start, end } = this.episode, least = Math.min(SHORTEST, end - start) / (this.to - this.from);
    factor = Math.max(factor, least);
    this.look(at - (at - this.from) * factor, at + (this.to - at) * factor);
  }

  x(ms) { return ((ms - this.from) / (this.to - this.from)) * this.width; }
  time(x) { return this.from + (x / this.width) * (this.to - this.from); }

  // --- listening

  listen() {
    const on = (name, act, options) => this.canvas.addEventListener(name, act, options);
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("keydown", (event) => this.key(event));
    on("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.canvas.focus({ preventScroll: true });
      this.pointers.set(event.pointerId, event.offsetX);
      this.pressed = event.offsetX;
    });
    on("pointermove", (event) => this.pointer(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => this.pointers.delete(event.pointerId));
    on("pointerup", (event) => {
      if (event.pointerType !== "mouse" && Math.abs(event.offsetX - this.pressed) < 6) this.tell(event); // a tap
    });
    on("pointerleave", (event) => { if (event.pointerType === "mouse") hint.hidden = true; });
    on("dblclick", (event) => this.zoom(0.5, this.time(event.offsetX)));
  }

  wheel(event) {
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!sideways && !event.ctrlKey && document.activeElement !== this.canvas) return; // the page scrolls
    event.preventDefault();
    if (sideways) this.move(((event.deltaX || event.deltaY) / this.width) || 0);
    else this.zoom(1.0025 ** Math.max(-300, Math.min(300, event.deltaY)), this.time(event.offsetX));
  }

  key(event) {
    const acts = {
      "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), ArrowLeft: () => this.move(-0.2),
      ArrowRight: () => this.move(0.2), Home: () => this.all(), Escape: () => this.canvas.blur(),
      PageUp: () => this.move(-0.9), PageDown: () => this.move(0.9),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    acts[event.key]();
    event.preventDefault();
  }

  pointer(event) {
    if (!this.pointers.has(event.pointerId)) return this.tell(event);
    const before = [...this.pointers.values()];
    const moved = this.pointers.get(event.pointerId);
    this.pointers.set(event.pointerId, event.offsetX);
    if (this.pointers.size === 1) {
      const by = ((moved - event.offsetX) / this.width) * (this.to - this.from);
      if (by) this.look(this.from + by, this.to + by);
      return;
    }
    const after = [...this.pointers.values()], spread = ([a, b]) => Math.max(8, Math.abs(a - b));
    this.zoom(spread(before) / spread(after), this.time((after[0] + after[1]) / 2));
  }

  // --- telling: who is under the pointer, from when to when

  tell(event) {
    const found = this.under(event.offsetX, event.offsetY);
    if (!found) { hint.hidden = true; return; }
    const { who, interval: [start, end] } = found;
    const said = `${clock(start, 2)} – ${clock(end, 2)}`;
    hint.replaceChildren(...this.picture(start, end, this.time(event.offsetX)),
      element("b", "", DATA.characters[who][1]), said, document.createElement("br"),
      element("small", "", `${inSeconds(end - start).replace(/0$/, "")} s`));
    hint.hidden = false;
    const box = hint.getBoundingClientRect(), room = 14;
    const left = Math.min(event.clientX + room, innerWidth - box.width - 8);
    const below = event.clientY + room + box.height < innerHeight;
    hint.style.transform = `translate(${Math.max(8, left)}px, ${
      Math.max(8, below ? event.clientY + room : event.clientY - room - box.height)}px)`;
  }

  under(x, y) {
    const lane = this.lanes[Math.floor((y - this.top) / LANE)];
    if (!lane) return null;
    const near = lane.intervals.filter(([start, end]) => this.x(start) - 2 <= x && x <= this.x(end) + 2);
    const time = this.time(x), away = ([start, end]) => Math.max(start - time, time - end, 0);
    return near.length ? { who: lane.who, interval: near.sort((a, b) => away(a) - away(b))[0] } : null;
  }

  picture(start, end, time) {
    const best = this.film ? this.nearest(time, start, end) : -1;
    if (best < 0) return [];
    const { width, height } = this.episode.sheet, made = document.createElement("canvas");
    [made.width, made.height] = [width, height];
    this.drawPicture(made.getContext("2d"), best, 0, 0, width, height);
    return [made];
  }

  nearest(time, start, end) {
    let best = -1;
    this.episode.sheet.times.forEach((at, n) => {
      const nearer = best < 0 || Math.abs(at - time) < Math.abs(this.episode.sheet.times[best] - time);
      if (start <= at && at < end && nearer) best = n;
    });
    return best;
  }

  drawPicture(pen, number, x, y, width, height) {
    const sheet = this.episode.sheet, across = number % sheet.columns, down = Math.floor(number / sheet.columns);
    pen.drawImage(this.film, across * sheet.width, down * sheet.height, sheet.width, sheet.height, x, y, width, height);
  }

  // --- drawing

  draw() {
    this.width = this.canvas.clientWidth;
    if (!this.width) return; // folded
    const dots = Math.min(3, devicePixelRatio || 1);
    [this.canvas.width, this.canvas.height] = [Math.round(this.width * dots), Math.round(this.height * dots)];
    const pen = this.canvas.getContext("2d");
    pen.scale(dots, dots);
    this.drawAxis(pen);
    if (this.film) this.drawFilm(pen);
    this.drawLanes(pen);
    this.drawPlace(pen);
    this.range.textContent = `${clock(this.from)} – ${clock(this.to)}`;
    Object.assign(this.canvas.dataset, { from: this.from, to: this.to, top: this.top });
  }

  drawAxis(pen) {
    const step = STEPS.find((each) => this.x(this.from + each) >= 68) || STEPS.at(-1);
    const digits = step < 1000 ? 2 : 0;
    pen.font = "11px system-ui, sans-serif";
    pen.textBaseline = "middle";
    for (let at = Math.ceil(this.from / step) * step; at <= this.to; at += step) {
      const x = Math.round(this.x(at)) + 0.5, text = clock(at, digits), half = pen.measureText(text).width / 2;
      pen.strokeStyle = colour("--line");
      pen.beginPath();
      pen.moveTo(x, AXIS - 5);
      pen.lineTo(x, this.height - 8);
      pen.stroke();
      pen.fillStyle = colour("--soft");
      pen.fillText(text, Math.min(Math.max(0, x - half), this.width - 2 * half), 9);
    }
  }

  drawFilm(pen) {
    const { width, height } = this.episode.sheet, wide = (FILM * width) / height;
    const count = Math.max(1, Math.floor(this.width / (wide + 2))), cell = this.width / count;
    const ms = (this.to - this.from) / count;
    for (let n = 0; n < count; n++) {
      const begin = this.from + n * ms, best = this.nearest(begin + ms / 2, begin, begin + ms);
      pen.fillStyle = colour("--tint");
      pen.fillRect(n * cell + 1, AXIS, cell - 2, FILM);
      if (best >= 0) this.drawPicture(pen, best, n * cell + (cell - wide) / 2, AXIS, wide, FILM);
    }
  }

  drawLanes(pen) {
    this.lanes.forEach(({ who, intervals }, n) => {
      const y = this.top + n * LANE;
      pen.fillStyle = colour("--tint");
      pen.fillRect(0, y + 4, this.width, LANE - 8);
      pen.fillStyle = colour(`--c${who}`);
      for (const [start, end] of intervals) {
        const left = Math.max(-4, this.x(start)), right = Math.min(this.width + 4, this.x(end));
        if (right < 0 || left > this.width) continue;
        pen.beginPath();
        pen.roundRect(left, y + 4, Math.max(1, right - left), LANE - 8, Math.min(3, (right - left) / 2));
        pen.fill();
      }
    });
  }

  drawPlace(pen) {
    const { start, end } = this.episode, share = (ms) => ((ms - start) / (end - start)) * this.width;
    if (this.to - this.from >= end - start) return;
    pen.fillStyle = colour("--tint");
    pen.fillRect(0, this.height - 5, this.width, 4);
    pen.fillStyle = colour("--accent");
    pen.fillRect(share(this.from), this.height - 5, Math.max(6, share(this.to) - share(this.from)), 4);
  }
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function nameOf(who) {
  const [, name, icon] = DATA.characters[who];
  const mark = element("i", icon ? "face" : "dot");
  mark.setAttribute("aria-hidden", "true");
  const made = element("span", `who c${who}`, mark, element("span", "", name));
  made.title = name;
  return made;
}

// --- each timeline is built when it first comes near the window

const built = new Map();
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) buildOnce(entry.target);
}, { rootMargin: "400px" });

function buildOnce(place) {
  near.unobserve(place);
  if (!built.has(place)) built.set(place, new Lanes(place));
}

const frames = document.querySelectorAll("[data-lanes]"), folds = document.querySelectorAll("details.episode");
for (const place of frames) near.observe(place);
for (const tool of document.querySelectorAll("[data-fold]"))
  tool.addEventListener("click", () => folds.forEach((fold) => { fold.open = tool.dataset.fold === "open"; }));
for (const tool of document.querySelectorAll("[data-segments]"))
  tool.addEventListener("click", () => save(csv(segmentRows(DATA)), tool.dataset.segments));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => built.forEach((lanes) => lanes.draw()));
addEventListener("pointerdown", () => { hint.hidden = true; });
addEventListener("scroll", () => { hint.hidden = true; }, { passive: true });
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  frames.forEach(buildOnce);
  built.forEach((lanes) => lanes.draw());
});
