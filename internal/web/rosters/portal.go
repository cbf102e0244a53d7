package rosters

import (
	"github.com/a-h/templ"

	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// onPortal is how many open activities the portal shows.
const onPortal = 5

// portal is the first page of whoever is no volunteer yet, or is not signed in.
type portal struct {
	Open    []activity.Listed
	Total   int
	Centers []city
	Figs    []ui.Fig          // of all that was done
	Pieces  []templ.Component // what other areas show
}

// city is a city with the centres of its counties.
type city struct {
	Name    string
	Centers []center
}

// center is the centre of a county.
type center struct {
	org.Org
	County string
}

func showPortal(c *page.Ctx) error {
	open, _, err := activity.Open(c, c.DB, c.Now, activity.Filter{Limit: onPortal}, "")
	if err != nil {
		return err
	}
	total, err := activity.CountOpen(c, c.DB, c.Now, activity.Filter{})
	if err != nil {
		return err
	}
	centers, err := centersOf(c)
	if err != nil {
		return err
	}
	figs, err := c.Figs(figure.Query{}, false, "volunteers_taking_part", "activities_held", "minutes")
	if err != nil {
		return err
	}
	pieces, err := c.Pieces(c.Portal)
	if err != nil {
		return err
	}
	return c.Render(portalPage(portal{open, total, centers, figs, pieces}))
}

// mostCenters is more than the counties of a province.
const mostCenters = 200

// centersOf are the centres of all counties, by city.
func centersOf(c *page.Ctx) ([]city, error) {
	provinces, err := area.Children(c, c.DB, 0)
	if err != nil {
		return nil, err
	}
	var cities []city
	for _, p := range provinces {
		tops, err := org.ByArea(c, c.DB, p.Code)
		if err != nil {
			return nil, err
		}
		for _, top := range tops {
			centers, _, err := org.List(c, c.DB, org.Filter{Under: top.ID, Kind: org.Practice, Tier: org.Center, Limit: mostCenters})
			if err != nil {
				return nil, err
			}
			if cities, err = byCity(c, cities, centers); err != nil {
				return nil, err
			}
		}
	}
	return cities, nil
}

// byCity adds centres, which come in the order of their places, to the cities they lie in.
func byCity(c *page.Ctx, cities []city, centers []org.Org) ([]city, error) {
	codes := make([]area.Code, 0, 2*len(centers))
	for _, o := range centers {
		codes = append(codes, o.Area, o.Area.At(area.City))
	}
	names, err := area.Names(c, c.DB, codes)
	for _, o := range centers {
		name := names[o.Area.At(area.City)]
		if n := len(cities); n == 0 || cities[n-1].Name != name {
			cities = append(cities, city{Name: name})
		}
		last := &cities[len(cities)-1]
		last.Centers = append(last.Centers, center{o, names[o.Area]})
	}
	return cities, err
}
