// Package browser drives a real Chromium for the stories under e2e and for make pictures.
//
// A Browser is one headless Chromium. A Page is one person's window in it: cookies of her own, a size, light or dark. It
// finds fields and buttons by the words that people see, types and clicks through real input events, and waits for what is
// to be shown, never for a time.
//
// Whatever goes wrong behind the page is a fault: an error on the console, an uncaught exception, a breach of the content
// security policy, an answer of 500, a script, style or picture that does not load. Story turns a Page into a test helper
// that fails on any of these and leaves a picture of the last moment.
//
// Axe runs axe-core on a page and returns what breaks WCAG 2.2 AA.
package browser
