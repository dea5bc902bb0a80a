package shelf

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/search"
)

// sizes are the numbers of articles that benchmarks run at: 1,000, and what DATELINE_BENCH_ARTICLES says.
func sizes() []int {
	out := []int{1000}
	if n, err := strconv.Atoi(os.Getenv("DATELINE_BENCH_ARTICLES")); err == nil && n > 0 {
		out = append(out, n)
	}
	return out
}

// archive is a record of articles over ten years, some 450 words each.
func archive(b *testing.B, articles int) *newsroom {
	n := newNewsroom(b, 7)
	n.vocab, n.length = 50_000, 200
	days := 3650
	for i := range articles {
		n.now = time.Date(2016, 6, 30, 5, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Duration(days) * 24 * time.Hour / time.Duration(articles))
		n.publish(dateline.KindArticle, false)
	}
	return n
}

func built(b *testing.B, n *newsroom) *Shelf {
	s, err := Open(Options{Path: filepath.Join(b.TempDir(), "shelf.db"), Refetch: answering{n}.at})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if _, err := s.Rebuild(b.Context(), answering{n}, nil); err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkShelf(b *testing.B) {
	for _, size := range sizes() {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			n := archive(b, size)
			b.Run("rebuild", func(b *testing.B) {
				for b.Loop() {
					built(b, n)
				}
				b.ReportMetric(float64(len(n.entries))*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
			})
			s := built(b, n)
			text := 0
			for _, e := range n.entries {
				text += len(e.Body)
			}
			if st, err := os.Stat(s.options.Path); err == nil {
				b.Logf("file %.2f of %d MB of record", float64(st.Size())/float64(text), text>>20)
			}
			benchmarkReading(b, n, s)
			benchmarkSearch(b, n, s)
			b.Run("apply", func(b *testing.B) { benchmarkApply(b, n, s) })
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.Logf("Go heap %d MB, from the system %d MB (the record is held in it)", m.HeapAlloc>>20, m.Sys>>20)
		})
	}
}

func benchmarkReading(b *testing.B, n *newsroom, s *Shelf) {
	each := func(name string, f func(*Tx) error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := s.View(context.Background(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	each("article", func(tx *Tx) error {
		r, err := tx.Resolve(pick(n, n.articles).address)
		if err != nil {
			return err
		}
		_, err = tx.Article(r.ID)
		return err
	})
	each("section", func(tx *Tx) error {
		at := pick(n, n.articles).editions[0].First
		first, _ := record.ParseInstant(at)
		_, err := tx.List(InSection(pick(n, n.sections)), Position{At: first}, 30)
		return err
	})
	each("front", func(tx *Tx) error { _, err := tx.Front(); return err })
	each("month", func(tx *Tx) error { _, err := tx.Days(Day{2018, 6, 1}); return err })
}

// benchmarkSearch asks one third rare words, one third middling, one third among the sixty commonest.
func benchmarkSearch(b *testing.B, n *newsroom, s *Shelf) {
	for _, by := range []Order{ByDate, ByFit} {
		b.Run("search by "+string(by), func(b *testing.B) {
			var took []time.Duration
			hits := 0
			for b.Loop() {
				var q string
				for range 2 {
					switch len(took) % 3 {
					case 0:
						q += fmt.Sprintf(" w%d", n.rand.IntN(n.vocab))
					case 1:
						q += fmt.Sprintf(" w%d", 100+n.rand.IntN(2000))
					case 2:
						q += fmt.Sprintf(" w%d", n.rand.IntN(60))
					}
				}
				start := time.Now()
				err := s.View(context.Background(), func(tx *Tx) error {
					r, err := tx.Search(context.Background(), Query{Words: search.ParseQuery(q), By: by})
					if err == nil {
						hits += r.Count
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
			b.ReportMetric(float64(hits)/float64(len(took)), "hits")
		})
	}
}

func benchmarkApply(b *testing.B, n *newsroom, s *Shelf) {
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		from := len(n.entries)
		n.publish(dateline.KindArticle, false)
		list := n.entries[from:]
		b.StartTimer()
		for _, e := range list {
			start := time.Now()
			if _, err := s.Apply(context.Background(), []record.Entry{e}); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}
