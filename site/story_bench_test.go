package site

import (
	"context"
	"fmt"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// BenchmarkStoryPage renders the page of a story of 2,000 articles and 5,000 dated lines from the shelf, and what is new in it.
func BenchmarkStoryPage(b *testing.B) {
	d := newPaper(b)
	s := newTalks(d)
	for i := range 2000 {
		d.publish(fmt.Sprint("report-", i), fmt.Sprint("Report number ", i), s.joins)
	}
	day := d.now().AddDate(0, 0, -2500)
	for i := range 5000 {
		s.event(dateline.When(day.AddDate(0, 0, i).Format("2006-01-02")), fmt.Sprint("Event number ", i))
	}
	s.body.Statuses = []record.StoryStatus{{ID: d.id(), At: record.FormatInstant(day), State: dateline.StoryUnderWay, Words: "Under way"}}
	d.renders(b, "talks", s.tell())
}

// BenchmarkLargerStoryPage renders the page of a story of 50 parts, with ten statuses each, and what is new in it since the half of them.
func BenchmarkLargerStoryPage(b *testing.B) {
	d := newPaper(b)
	whole := partOf(d, "channel", "The channel")
	whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	parts, half := make([]*talks, 50), int64(0)
	for i := range parts {
		parts[i] = partOf(d, fmt.Sprint("part-", i), fmt.Sprint("Part number ", i), whole)
	}
	for n := range 10 {
		for _, part := range parts {
			last := part.status(dateline.StoryUnderWay, fmt.Sprint("Round ", n), "They met again.")
			if n == 4 {
				half = last
			}
		}
	}
	d.renders(b, "channel", half)
}

// renders measures a story's page, and what is new in it since a position.
func (d *paperDesk) renders(b *testing.B, slug string, since int64) {
	for name, address := range map[string]string{"page": "/stories/" + slug, "since": fmt.Sprintf("/stories/%s?since=%d", slug, since)} {
		b.Run(name, func(b *testing.B) {
			req := requestFor(address)
			for b.Loop() {
				if len(d.site.fresh(context.Background(), req)) == 0 {
					b.Fatal("no page")
				}
			}
		})
	}
}
