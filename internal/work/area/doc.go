// Package area keeps the administrative divisions of the country: where organisations are,
// where activities take place, where people live.
//
// A division is known by its 12-digit statistical code, two digits of province, two of city,
// two of county (together GB/T 2260), three of township and three of village, padded with
// zeros. A code tells its level, the division above it and the range of everything below, so
// the tree needs no search:
//
//	320000000000 province · 321200000000 city · 321281000000 county · 321281001000 township · 321281001002 village
//
//	under a division:  code >= lo AND code < hi, from [Code.Range]
//
// Counties whose two digits are 71 to 79 are statistical only: development zones that GB/T
// 2260 does not have. Sites lie there; identity numbers never carry them. A few cities have
// no counties (Dongguan): there a township's parent is the city.
//
// # Tables
//
// area_area(code, name, level, parent) holds the divisions that an installation works with.
// [Load] copies them from the reference data embedded in the binary (data/SOURCE.md): all of
// the country to the township, Jiangsu to the village. Pages read the table; the reference
// data serves loading, and checks of a code before it is loaded ([Lookup]). It is split by
// province and read when first asked for, so nobody waits for the other thirty.
//
// area_shape(area, rings, source, at) holds outlines of divisions that were imported from
// GeoJSON ([ParseShapes], [KeepShapes]); none come with the product. They are made simple
// enough for a screen and are for drawing only: no rule asks where a point lies.
//
// Invariants: a row's parent is in the table too, except a province's, which is 0; level and
// parent are what the code says. The area posts no facts.
package area
