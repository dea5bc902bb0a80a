package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
)

// bigExport writes an export of many megabytes: attachments before and after their posts, short posts and long ones.
func bigExport(t *testing.T, megabytes int) (file string, posts int) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "big.xml")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	whole := export("\x00")
	head, tail, _ := strings.Cut(whole, "\x00")
	fmt.Fprint(w, head)
	paragraph := "<p>" + strings.Repeat("The pier will stay closed until June. ", 20) + "</p>\n"
	long := strings.Repeat(paragraph, 1400) // a megabyte
	size := 0
	for size < megabytes<<20 {
		posts++
		body := paragraph
		if posts%10 == 0 {
			body = long
		}
		item := exportedPost(posts, "<content:encoded><![CDATA["+body+"]]></content:encoded><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>"+
			fmt.Sprint(1_000_000+posts)+"</wp:meta_value></wp:postmeta>")
		for k := range 5 {
			item += attached(1_000_000+posts+k*100_000, fmt.Sprintf("2014/06/p%d-%d.jpg", posts, k), fmt.Sprintf("https://old.example/wp-content/uploads/2014/06/p%d-%d.jpg", posts, k))
		}
		size += len(item)
		fmt.Fprint(w, item)
	}
	fmt.Fprint(w, tail)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return file, posts
}

// An export many times the memory that an import may take is imported.
func TestImportMemoryIsBounded(t *testing.T) {
	const bound = 100 << 20 // bytes of heap in use
	megabytes := 200
	if raceDetector {
		megabytes = 15
	}
	file, posts := bigExport(t, megabytes)
	r := importRoom(t)
	defer debug.SetGCPercent(debug.SetGCPercent(20)) // what is in use and not what waits to be collected
	var most atomic.Uint64
	report, err := importWXR(t.Context(), r, wxrArgs{File: file}, func(string, int64, int64) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapAlloc > most.Load() {
			most.Store(m.HeapAlloc)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Articles != posts {
		t.Errorf("%d of %d posts: %s", report.Articles, posts, report.summary())
	}
	t.Logf("%d MB with %d posts took %d MB of heap at most", megabytes, posts, most.Load()>>20)
	if most.Load() > bound {
		t.Errorf("the heap grew to %d MB; %d at most", most.Load()>>20, bound>>20)
	}
}
