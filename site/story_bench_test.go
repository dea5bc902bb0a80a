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
	last := s.tell()
	for name, address := range map[string]string{"page": "/stories/talks", "since": fmt.Sprintf("/stories/talks?since=%d", last)} {
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
