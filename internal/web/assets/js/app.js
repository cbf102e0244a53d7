// What pages need beyond HTML. Everything here is an extra: without it each page works.
(function () {
  "use strict";
  var on = function (event, selector, f) {
    document.addEventListener(event, function (e) {
      var el = e.target.closest && e.target.closest(selector);
      if (el) f(el, e);
    });
  };
  // A form that is on its way says so; the server refuses a second sending by its key.
  on("submit", "form[method=post]", function (form, e) {
    var button = e.submitter;
    if (form.getAttribute("aria-busy") === "true") return e.preventDefault();
    if (e.defaultPrevented) return;
    form.setAttribute("aria-busy", "true");
    if (button) button.setAttribute("data-busy", "");
  });
  // Coming back by the browser's history: the form may be sent again.
  addEventListener("pageshow", function () {
    document.querySelectorAll("form[aria-busy]").forEach(function (form) {
      form.removeAttribute("aria-busy");
      form.querySelectorAll("[data-busy]").forEach(function (b) { b.removeAttribute("data-busy"); });
    });
  });
  on("change", "form[data-auto] select, form[data-auto] input", function (el) { var f = el.form;
    if (f.requestSubmit) f.requestSubmit(); else f.submit();
  });
  on("click", "[data-print]", function () { print(); });
  on("click", "[data-back]", function (el, e) {
    if (history.length > 1 && document.referrer.indexOf(location.origin) === 0) { e.preventDefault(); history.back(); }
  });
  on("click", "[data-share]", function () {
    if (navigator.share) navigator.share({ title: document.title, url: location.href }).catch(function () {});
  });
  document.documentElement.toggleAttribute("data-share", !!navigator.share);
})();
