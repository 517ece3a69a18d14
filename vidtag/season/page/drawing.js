"use strict";
// Draws a timeline on its canvas: axis, thumbnails, lanes, and which part of the episode is shown.

const LANE = 26, AXIS = 24, GAP = 6, FILM = innerWidth < 640 ? 42 : 64, SHORTEST = 2000; // px; of the last, ms that fill the width at least
const STEPS = [0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400].map((s) => s * 1000);

function clock(ms, digits = 0) {
  const scale = 10 ** digits, units = Math.round((ms * scale) / 1000), whole = Math.floor(units / scale);
  const two = (number) => String(number).padStart(2, "0");
  const tail = digits ? "." + String(units % scale).padStart(digits, "0") : "";
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${tail}`;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

class Drawing {
  x(ms) { return ((ms - this.from) / (this.to - this.from)) * this.width; }
  time(x) { return this.from + (x / this.width) * (this.to - this.from); }

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
        if (start !== this.chosen?.[0] || n !== this.lane) continue;
        pen.strokeStyle = colour("--ink");
        pen.lineWidth = 2;
        pen.stroke();
        pen.lineWidth = 1;
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
}
