// The check-in desk: the ring counts down, and when the code is over htmx fetches the next one.
// Without this the page reloads itself at that moment.
(function () {
  "use strict";
  var since = new WeakMap();
  setInterval(function () {
    var box = document.querySelector("[data-left]");
    if (!box) return;
    if (!since.has(box)) since.set(box, { at: performance.now(), next: 0 });
    var state = since.get(box), gone = performance.now() - state.at;
    var left = Math.max(0, Math.ceil((box.getAttribute("data-left") - gone) / 1000));
    var ring = box.querySelector(".ring"), arc = ring && ring.querySelector(".a");
    if (arc && state.left !== left) {
      state.left = left;
      arc.setAttribute("stroke-dasharray", left + " " + arc.getAttribute("pathLength"));
      ring.querySelector("text").textContent = left;
      ring.lastChild.textContent = ring.lastChild.textContent.replace(/\d+/, left);
    }
    if (left === 0 && gone > state.next) {
      state.next = gone + 3000;
      box.dispatchEvent(new Event("due"));
    }
  }, 250);
})();
