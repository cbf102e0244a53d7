// Keeps the parts of a page up to date by server-sent events, and says when it cannot.
(function () {
  "use strict";
  var body = document.body, url = body.dataset.live;
  if (!url || !window.EventSource) return;
  var silence = 12000, heard = Date.now(), seen = "", source, wall = body.classList.contains("wall");
  var each = function (selector, f) { document.querySelectorAll(selector).forEach(f); };
  // A part is drawn anew only where it changed; the focus stays on the same link.
  function draw(part, html) {
    if (part.dataset.html === html) return;
    var at = document.activeElement, href = at && part.contains(at) && at.getAttribute("href");
    part.innerHTML = html;
    part.dataset.html = html;
    if (href) part.querySelectorAll("a").forEach(function (a) { if (a.getAttribute("href") === href) a.focus({ preventScroll: true }); });
  }
  function hear(event) {
    var told = JSON.parse(event.data);
    heard = Date.now();
    if (event.lastEventId) seen = event.lastEventId;
    for (var name in told.parts || {}) each('[data-part="' + name + '"]', function (p) { draw(p, told.parts[name]); });
    each("[data-clock],[data-last]", function (e) { e.textContent = told.clock; });
    show();
  }
  function show() {
    var gap = Date.now() - heard, cut = gap > silence || !!source && source.readyState !== 1 && gap > 2000;
    document.documentElement.toggleAttribute("data-stale", cut);
    each("[data-alive]", function (e) {
      e.querySelector(".fresh").hidden = cut;
      e.querySelector(".stale").hidden = !cut;
    });
    if (cut) each("[data-since]", function (e) { e.textContent = Math.round(gap / 1000); });
  }
  // The browser comes back by itself with the last event's number, unless the answer was a refusal: then we do. A wall whose
  // page is of another version, or that may not be seen any more, loads itself anew.
  function open() {
    source = new EventSource(url + (seen ? (url.indexOf("?") < 0 ? "?" : "&") + "seen=" + encodeURIComponent(seen) : ""));
    source.onmessage = hear;
    source.onerror = function () {
      if (source.readyState === 2) { setTimeout(open, 3000); }
      show();
    };
  }
  open();
  setInterval(show, 1000);
  addEventListener("pagehide", function () { source.close(); });
  addEventListener("pageshow", function (e) { if (e.persisted) open(); });
})();
