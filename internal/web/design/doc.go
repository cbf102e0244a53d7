// Package design is the gallery of package ui: every component with invented data, and four
// whole pages made of them. It is served at /design in development and in the
// demonstration, for those who build pages and for the checks of how they look. What it
// says is in sample.json.
package design
