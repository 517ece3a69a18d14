"use strict";
// Sets the timelines up: each is built when it first comes near the window, and all of them on paper.

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
  document.documentElement.classList.add("printing"); // light, whatever the screen is
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  frames.forEach(buildOnce);
  built.forEach((lanes) => lanes.draw());
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  built.forEach((lanes) => lanes.draw());
});
