// Package web is the site: the table of all URLs (routes.go), the desk's menu (menu.go) and
// the handler that serves them (server.go). The pages are in the folders below, one per
// noun; what they stand on is in page (requests), ui (components) and assets (files).
package web
