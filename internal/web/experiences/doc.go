// Package experiences holds the desk's pages of experiences: the library, what is being written
// and submitted, a text with what was said of it and who does likewise, and mentions in the
// media.
package experiences
