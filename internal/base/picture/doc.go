// Package picture takes pictures from outside and makes of them what may be shown.
//
// What is sent is looked at before it is unpacked: its format by its content (JPEG, PNG, GIF,
// WebP), its size in bytes and in pixels by its head. Then it is decoded, turned the way its
// camera was held, made smaller, and encoded anew in two sizes, as JPEG, or as PNG where one
// sees through it. So nothing that was in the file but its dots is kept: no place, no device,
// no names, no second file behind the first.
//
// What is kept belongs to a text of an area, which says who may look at it ([Keep]).
//
// Invariants: nothing above [MaxPixels] is ever decoded; at most one picture is decoded at a
// time, so that many senders cannot fill the memory.
//
// Tables: picture_picture.
package picture
