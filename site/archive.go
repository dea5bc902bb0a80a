package site

import (
	"context"
	"strconv"
	"time"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

func (s *Site) archive(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyArchive)
		p := &render.ArchivePage{Frame: v.frame(a.Path, "")}
		total, err := v.tx.Count(shelf.All())
		if err != nil {
			return nil, err
		}
		p.Total = int(total)
		years, err := v.years()
		if err != nil {
			return nil, err
		}
		if p.Years = years; len(years) == 0 {
			return v.html(200, v.s.conf.Renderer.Archive(p)), nil
		}
		if p.Since, err = v.oldest(years[len(years)-1]); err != nil {
			return nil, err
		}
		p.Year = years[0]
		months, err := v.months(p.Year)
		if err != nil {
			return nil, err
		}
		p.Months = months
		if len(months) > 0 {
			p.Month = months[len(months)-1].Month
			if p.Days, err = v.days(shelf.Day{Year: p.Year, Month: p.Month, Day: 1}); err != nil {
				return nil, err
			}
		}
		return v.html(200, v.s.conf.Renderer.Archive(p)), nil
	})
}

// oldest is the day of the oldest article, given its year.
func (v *view) oldest(year int) (time.Time, error) {
	months, err := v.months(year)
	if err != nil || len(months) == 0 {
		return time.Time{}, err
	}
	days, err := v.days(shelf.Day{Year: year, Month: months[0].Month, Day: 1})
	if err != nil || len(days) == 0 {
		return time.Time{}, err
	}
	return shelf.Day{Year: year, Month: months[0].Month, Day: days[0].Day}.Start(v.paper.pub.Zone), nil
}

func (v *view) years() ([]int, error) {
	v.on(shelf.KeyArchive)
	list, err := v.tx.Years()
	out := make([]int, len(list))
	for i, y := range list {
		out[i] = y.Month.Year
	}
	return out, err
}

func (v *view) months(year int) ([]render.MonthCount, error) {
	v.on(shelf.KeyYear(shelf.Day{Year: year, Month: time.January, Day: 1}))
	list, err := v.tx.Months(year)
	out := make([]render.MonthCount, len(list))
	for i, m := range list {
		out[i] = render.MonthCount{Month: m.Month.Month, Count: m.Count}
	}
	return out, err
}

func (v *view) days(month shelf.Day) ([]render.DayCount, error) {
	v.on(shelf.KeyMonth(month))
	list, err := v.tx.Days(month)
	out := make([]render.DayCount, len(list))
	for i, d := range list {
		out[i] = render.DayCount{Day: d.Day.Day, Count: d.Count}
	}
	return out, err
}

// dateOf reads the parts of a path that are a year, a month and a day; those that are not there are 1.
func dateOf(params []string) (d shelf.Day, ok bool) {
	n := [3]int{1, 1, 1}
	for i, p := range params {
		v, err := strconv.Atoi(p)
		if err != nil {
			return d, false
		}
		n[i] = v
	}
	d = shelf.Day{Year: n[0], Month: time.Month(n[1]), Day: n[2]}
	at := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	return d, shelf.DayOf(at, time.UTC) == d && n[0] > 0
}

func (s *Site) year(ctx context.Context, a *ask) (*press.Entry, error) {
	d, ok := dateOf(a.params)
	if !ok {
		return nil, press.ErrNotFound
	}
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		months, err := v.months(d.Year)
		if err != nil {
			return nil, err
		}
		if len(months) == 0 {
			return nil, press.ErrNotFound
		}
		years, err := v.years()
		if err != nil {
			return nil, err
		}
		return v.html(200, v.s.conf.Renderer.Year(&render.YearPage{Frame: v.frame(a.Path, ""), Year: d.Year, Months: months, Years: years})), nil
	})
}

func (s *Site) month(ctx context.Context, a *ask) (*press.Entry, error) {
	d, ok := dateOf(a.params)
	if !ok {
		return nil, press.ErrNotFound
	}
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		p := &render.MonthPage{Frame: v.frame(a.Path, ""), Year: d.Year, Month: d.Month}
		var err error
		if p.Days, err = v.days(d); err != nil {
			return nil, err
		}
		if len(p.Days) == 0 {
			return nil, press.ErrNotFound
		}
		if p.Months, err = v.months(d.Year); err != nil {
			return nil, err
		}
		if p.Years, err = v.years(); err != nil {
			return nil, err
		}
		return v.html(200, v.s.conf.Renderer.Month(p)), nil
	})
}

// dayPage is a day's archive. A day without articles has a page while it lies between the first article and today.
func (s *Site) dayPage(ctx context.Context, a *ask) (*press.Entry, error) {
	d, ok := dateOf(a.params)
	if !ok {
		return nil, press.ErrNotFound
	}
	at, paged := parsePosition(a.Query.Before)
	key := a.Path
	if paged {
		key = subkey(key, "before", position(at))
	}
	return s.page(ctx, key, func(v *view) (*press.Page, error) {
		page, err := v.day(d, a.Path, at)
		return v.announced(a.Path, page, err)
	})
}

func (v *view) day(d shelf.Day, address string, at shelf.Position) (*press.Page, error) {
	v.on(shelf.KeyDay(d), shelf.KeyArchive)
	rows, more, err := v.page(at, shelf.OnDay(d))
	if err != nil {
		return nil, err
	}
	p := &render.DayPage{Frame: v.frame(v.pageAddress(address, at), ""), Day: d.Start(v.paper.pub.Zone)}
	if p.Rows, err = v.cards(rows, true); err != nil {
		return nil, err
	}
	earlier, err := v.tx.DayBefore(d)
	if err != nil {
		return nil, err
	}
	later, err := v.tx.DayAfter(d)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 && (earlier.IsZero() || p.Day.After(v.now)) {
		return nil, press.ErrNotFound
	}
	p.Before, p.After = v.start(earlier), v.start(later)
	p.Newest, p.Older = v.pager(address, at, rows, more)
	return v.html(200, v.s.conf.Renderer.Day(p)), nil
}

// start is the first instant of a day in the paper's zone; zero for no day.
func (v *view) start(d shelf.Day) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.Start(v.paper.pub.Zone)
}
