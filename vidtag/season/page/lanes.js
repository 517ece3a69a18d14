"use strict";
// The timelines: a lane a character; zoomed, moved and read by wheel, buttons, keys and fingers.

const DATA = JSON.parse(document.getElementById("data").textContent);

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

class Lanes extends Drawing {
  constructor(place) {
    super();
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
      `Timeline of ${this.episode.shown}: plus and minus zoom, left and right move, Home shows all; up and down choose ` +
      "a character, full stop and comma its next and its last appearance");
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
    on("blur", () => { hint.hidden = true; });
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
      PageUp: () => this.move(-0.9), PageDown: () => this.move(0.9), ArrowUp: () => this.choose(-1),
      ArrowDown: () => this.choose(1), ",": () => this.step(-1), ".": () => this.step(1),
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
    if (found) this.show(found, this.time(event.offsetX), event.clientX, event.clientY);
    else hint.hidden = true;
  }

  show({ who, interval: [start, end] }, time, clientX, clientY) {
    const said = `${clock(start, 2)} – ${clock(end, 2)}`;
    hint.replaceChildren(...this.picture(start, end, time),
      element("b", "", DATA.characters[who][1]), said, document.createElement("br"),
      element("small", "", `${inSeconds(end - start).replace(/0$/, "")} s`));
    hint.hidden = false;
    const box = hint.getBoundingClientRect(), room = 14;
    const left = Math.min(clientX + room, innerWidth - box.width - 8);
    const below = clientY + room + box.height < innerHeight;
    hint.style.transform = `translate(${Math.max(8, left)}px, ${
      Math.max(8, below ? clientY + room : clientY - room - box.height)}px)`;
  }

  // The lane above or below, and its first appearance in sight.
  choose(by) {
    const last = this.lanes.length - 1;
    if (last < 0) return;
    this.lane = this.lane === undefined ? (by > 0 ? 0 : last) : Math.min(last, Math.max(0, this.lane + by));
    this.chosen = null;
    this.step(1);
  }

  // To the next appearance of the chosen lane, or the one before; it is told as if it were pointed at.
  step(way) {
    if (this.lane === undefined) return this.choose(1);
    const { who, intervals } = this.lanes[this.lane], now = intervals.indexOf(this.chosen), last = intervals.length - 1;
    const first = intervals.findIndex(([, end]) => end > this.from);
    this.chosen = intervals[now < 0 ? (first < 0 ? last : first) : Math.min(last, Math.max(0, now + way))];
    const [start, end] = this.chosen, span = this.to - this.from, seen = start >= this.from && start < this.to;
    this.look(...(seen ? [this.from, this.to] : [start - span / 3, start + (2 * span) / 3]));
    const box = this.canvas.getBoundingClientRect(), middle = (Math.max(start, this.from) + Math.min(end, this.to)) / 2;
    const y = box.top + this.top + (this.lane + 0.5) * LANE;
    this.show({ who, interval: this.chosen }, middle, box.left + this.x(middle), y);
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
}

function nameOf(who) {
  const [, name, icon] = DATA.characters[who];
  const mark = element("i", icon ? "face" : "dot");
  mark.setAttribute("aria-hidden", "true");
  const made = element("span", `who c${who}`, mark, element("span", "", name));
  made.title = name;
  return made;
}
