package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/archtest/corpora"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/markup"
	"github.com/google/go-cmp/cmp"
)

func quiet(string, int64, int64) {}

// importRoom is a newsroom of its own for a test.
func importRoom(t *testing.T) *room {
	t.Helper()
	p := &dateline.Publication{Name: "The Old Paper", Site: "https://paper.example", Newsroom: "https://desk.example", Zone: "Asia/Kolkata", Language: "en"}
	r, err := makeRoom(t.Context(), folder(filepath.Join(t.TempDir(), "paper")), p, desk.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// articlesOf lists every article of a room, with its content, by headline.
func articlesOf(t *testing.T, r *room) map[string]*dateline.Article {
	t.Helper()
	all := map[string]*dateline.Article{}
	f := dateline.ArticleFilter{Limit: desk.MaxList}
	for {
		page, err := r.desk.List(t.Context(), local, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Articles {
			whole, err := r.desk.Find(t.Context(), local, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			all[a.Content.Headline] = whole
		}
		if page.Next == "" {
			return all
		}
		f.After = page.Next
	}
}

func recordLength(t *testing.T, r *room) (n int64) {
	t.Helper()
	if err := r.desk.View(t.Context(), func(tx desk.Tx) (err error) {
		n, err = tx.Sequence()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func (r *importReport) summary() string {
	return fmt.Sprintf("imported %d, articles %d, pages %d, drafts %d, proposed %d, private %d, unchanged %d, differ %d, skipped %d, not imported %v",
		r.Imported, r.Articles, r.Pages, r.Drafts, r.Proposed, r.Private, r.Unchanged, r.Differ, len(r.Skipped), r.NotImported)
}

// wantImports says what becomes of each file of the corpus: the report's counts or, of a damaged file, what is wrong.
var wantImports = map[string]string{
	"a11y-unit-test-data.xml":                 "imported 64, articles 44, pages 17, drafts 3, proposed 1, private 1, unchanged 0, differ 0, skipped 1, not imported map[comment:29 nav_menu_item:50 without a type:1]",
	"blank-lines.xml":                         "imported 1, articles 0, pages 0, drafts 1, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]",
	"crazy-cdata.xml":                         "imported 1, articles 1, pages 0, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]",
	"slashes.xml":                             "imported 1, articles 1, pages 0, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[comment:1]",
	"small-export.xml":                        "imported 11, articles 5, pages 4, drafts 2, proposed 0, private 1, unchanged 0, differ 0, skipped 0, not imported map[comment:1]",
	"term-formats.xml":                        "imported 0, articles 0, pages 0, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]",
	"test-serialized-postmeta-with-cdata.xml": "imported 1, articles 0, pages 0, drafts 1, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]",
	"theme-unit-test-data.xml":                "imported 79, articles 55, pages 21, drafts 3, proposed 1, private 1, unchanged 0, differ 0, skipped 0, not imported map[comment:33 nav_menu_item:70]",
	"valid-wxr-1.0.xml":                       "imported 6, articles 3, pages 3, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[comment:1]",
	"wxr-flat-attachment-same-site.xml":       "imported 1, articles 1, pages 0, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]",
	"wxr-simple.xml":                          "imported 1, articles 1, pages 0, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]",
	"wordpress_wxr.xml":                       "imported 1, articles 1, pages 0, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 4, not imported map[duplicate:2 post (inherit):2]",
	"malformed-simple.xml":                    "line 14: the file ends inside <item>",
	"malformed.xml":                           "line 27: <notachanneltag> stands where <channel> should",
	"missing-version-tag.xml":                 "line 27: the export does not name its version",
}

func corpusExports(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpora.Dir(t, "wxr"), "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return append(files, filepath.Join(corpora.Dir(t, "wires"), "wordpress_wxr.xml"))
}

func TestImportWXRCorpus(t *testing.T) {
	files := corpusExports(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			r := importRoom(t)
			empty := recordLength(t, r)
			report, err := importWXR(t.Context(), r, wxrArgs{File: file}, quiet)
			want, listed := wantImports[filepath.Base(file)]
			if err != nil {
				if listed && !strings.HasPrefix(err.Error(), file+", "+want) {
					t.Errorf("got %v, want %s", err, want)
				}
				if dateline.ErrorCode(err) != dateline.EInvalid || recordLength(t, r) != empty || len(articlesOf(t, r)) != 0 {
					t.Errorf("something was imported of a damaged file: %v", err)
				}
				return
			}
			if got := report.summary(); listed && got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			length, articles := recordLength(t, r), articlesOf(t, r)
			for headline, a := range articles {
				checkImported(t, headline, a)
			}
			again, err := importWXR(t.Context(), r, wxrArgs{File: file}, quiet)
			if err != nil {
				t.Fatal(err)
			}
			if again.Imported != 0 || again.Unchanged != report.Imported || again.Differ != 0 || recordLength(t, r) != length {
				t.Errorf("the second run: %s, the record has %d entries after %d", again.summary(), recordLength(t, r), length)
			}
			if diff := cmp.Diff(articles, articlesOf(t, r)); diff != "" {
				t.Errorf("the second run changed articles: %s", diff)
			}
		})
	}
	corpora.Read(t, len(files), "wxr")
}

// checkImported asks what holds of every imported article.
func checkImported(t *testing.T, headline string, a *dateline.Article) {
	t.Helper()
	published := a.Readers == dateline.Published
	switch {
	case a.Private && (published || a.Address != "" || a.Edition != 0):
		t.Errorf("%q was private and is public", headline)
	case published == (a.Draft == dateline.DraftOpen):
		t.Errorf("%q is %s and its draft %s", headline, a.Readers, a.Draft)
	case a.Proposed != nil && published:
		t.Errorf("%q has an hour proposed and is public", headline)
	case published && (a.First.IsZero() || a.First.After(time.Now()) || a.Updated.Before(a.First)):
		t.Errorf("%q was first published %v, updated %v", headline, a.First, a.Updated)
	}
	if bytes.Contains(a.Content.Body, []byte(`"figure"`)) {
		t.Errorf("%q shows a picture that is not had: %s", headline, a.Content.Body)
	}
}

func TestImportKeeps(t *testing.T) {
	r := importRoom(t)
	for _, name := range []string{"small-export.xml", "theme-unit-test-data.xml"} {
		if _, err := importWXR(t.Context(), r, wxrArgs{File: filepath.Join(corpora.Dir(t, "wxr"), name)}, quiet); err != nil {
			t.Fatal(err)
		}
	}
	articles := articlesOf(t, r)
	scheduled := articles["Scheduled"]
	if scheduled == nil || scheduled.Proposed == nil || scheduled.Proposed.Format(time.RFC3339) != "2030-01-01T19:00:18Z" || scheduled.Readers != dateline.Unpublished {
		t.Errorf("the scheduled post became %+v", scheduled)
	}
	protected := articles["Template: Password Protected (the password is “enter”)"]
	if protected == nil {
		for headline, a := range articles {
			if a.Private {
				protected = articles[headline]
			}
		}
	}
	if protected == nil || !protected.Private {
		t.Fatalf("no protected article was found among %d", len(articles))
	}
	_, err := r.desk.Publish(t.Context(), local, desk.Target{ID: protected.ID, Version: protected.Version}, desk.Publishing{Change: dateline.ChangeFirst})
	if dateline.ErrorCode(err) != dateline.EState {
		t.Errorf("what was protected could be published: %v", err)
	}
}

// export writes an export of one's own.
func export(items string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example</link>
<language>en</language><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name>Ada Lund</wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>harbour</wp:category_nicename><wp:cat_name>Harbour</wp:cat_name></wp:category>
` + items + `</channel></rss>`
}

func exportedPost(n int, fields string) string {
	return fmt.Sprintf(`<item><title>Post %d</title><link>https://old.example/2014/06/post-%d/</link><dc:creator>ada</dc:creator>
<guid isPermaLink="false">https://old.example/?p=%d</guid><wp:post_id>%d</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>
<wp:post_name>post-%d</wp:post_name><wp:post_date>2014-06-27 02:00:00</wp:post_date><category domain="category" nicename="harbour">Harbour</category>%s</item>
`, n, n, n, n, n, fields)
}

func writeExport(t *testing.T, items string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "export.xml")
	if err := os.WriteFile(file, []byte(export(items)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestImportDetails(t *testing.T) {
	r := importRoom(t)
	page := strings.NewReplacer("<wp:post_type>post", "<wp:post_type>page", "https://old.example/2014/06/post-2/", "https://old.example/harbour/", "Post 2", "The harbour")
	file := writeExport(t, exportedPost(1, `<category domain="post_tag" nicename="piers">Piers</category><excerpt:encoded><![CDATA[It is <b>shut</b>.]]></excerpt:encoded>`)+
		page.Replace(exportedPost(2, ""))+exportedPost(3, `<category domain="category" nicename="gossip">Gossip</category>`)+
		strings.Replace(exportedPost(4, ""), "2014/06/post-4/", "2014/06/post-1/", 1))
	report, err := importWXR(t.Context(), r, wxrArgs{File: file, Sections: map[string]string{"gossip": "people-news", "unknown": "topic"}, Zone: "Europe/Paris"}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := report.summary(), "imported 4, articles 3, pages 1, drafts 0, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	all := articlesOf(t, r)
	one := all["Post 1"]
	if one.Address != "/2014/06/post-1/" || cmp.Diff(one.Former, []string{"/?p=1"}) != "" || !one.First.Equal(time.Date(2014, 6, 27, 0, 0, 0, 0, time.UTC)) || one.Content.Standfirst != "It is shut." {
		t.Errorf("address %s, former %v, first %v, standfirst %q", one.Address, one.Former, one.First, one.Content.Standfirst)
	}
	section, err := r.desk.FindSection(t.Context(), local, one.Content.Section)
	if err != nil || section.Slug != "harbour" || section.Names["en"] != "Harbour" {
		t.Errorf("section %+v, %v", section, err)
	}
	person, err := r.desk.FindPerson(t.Context(), local, one.Content.Byline[0].Person)
	if err != nil || person.Slug != "ada-lund" {
		t.Errorf("person %+v, %v", person, err)
	}
	topic, err := r.desk.FindTopic(t.Context(), local, one.Content.Topics[0])
	if err != nil || topic.Slug != "piers" || !topic.Public {
		t.Errorf("topic %+v, %v", topic, err)
	}
	if moved, err := r.desk.FindSection(t.Context(), local, all["Post 3"].Content.Section); err != nil || moved.Slug != "people-news" {
		t.Errorf("the category that was mapped went to %+v, %v", moved, err)
	}
	if a := all["The harbour"]; a.Address == "/harbour/" || a.Address == "" || a.Kind != dateline.KindPage {
		t.Errorf("the page whose name is a section's is at %q", a.Address)
	}
	if a := all["Post 4"]; a.Address != "/harbour/2014/06/27/post-4" {
		t.Errorf("the post whose address was taken is at %q", a.Address)
	}
	if report.Counts["desk"] != 2 {
		t.Errorf("the addresses that were not kept are not in the report: %+v", report.Notes)
	}
}

func TestImportRefuses(t *testing.T) {
	r := importRoom(t)
	dir := t.TempDir()
	write := func(name, content string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	whole := export(exportedPost(1, "") + exportedPost(2, ""))
	for file, want := range map[string]string{
		filepath.Join(dir, "none.xml"): "none.xml cannot be opened: no such file",
		dir:                            "is not a file but a folder",
		write("empty.xml", ""):         "empty.xml, line 1: the file is empty",
		write("binary.xml", "\x89PNG\r\n\x1a\n\x00\x00"):                             "binary.xml, line 1: ",
		write("cut.xml", whole[:len(whole)-40]):                                      "cut.xml, line 12: ",
		write("page.xml", "<html><body>x</body></html>"):                             "page.xml, line 1: this is a web page",
		write("feed.xml", "<rss><channel></channel></rss>"):                          "feed.xml, line 1: this is an RSS feed",
		write("mixed.xml", strings.Replace(whole, "</wp:post_id>", "</wp:post>", 1)): "mixed.xml, line 9: <wp:post_id>, which begins on line 8",
	} {
		if _, err := importWXR(t.Context(), r, wxrArgs{File: file}, quiet); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", filepath.Base(file), err, want)
		}
	}
	good := write("good.xml", whole)
	for want, args := range map[string]wxrArgs{
		"--zone":               {File: good, Zone: "Mars/Olympus"},
		"--section-map x":      {File: good, Sections: map[string]string{"x": "A Section"}},
		`"search" is one`:      {File: good, Default: "search"},
		"--media: the folder ": {File: good, pictureArgs: pictureArgs{Media: filepath.Join(dir, "nowhere")}},
	} {
		if _, err := importWXR(t.Context(), r, args, quiet); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if n := len(articlesOf(t, r)); n != 0 {
		t.Errorf("%d articles were imported", n)
	}
}

// A run that was cut is finished by running it again, and nothing stands there twice.
func TestImportFinishesCutRun(t *testing.T) {
	r := importRoom(t)
	var posts strings.Builder
	for n := range 90 {
		posts.WriteString(exportedPost(n+1, "<content:encoded>Text</content:encoded>"))
	}
	args := wxrArgs{File: writeExport(t, posts.String())}
	im, err := newWXRImport(t.Context(), r, args, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Close()
	if err := im.check(t.Context()); err != nil {
		t.Fatal(err)
	}
	cut := errors.New("cut")
	err = r.desk.Import(t.Context(), local, cutAfter(im.items(t.Context()), 40, cut), im.kept)
	if !errors.Is(err, cut) || len(articlesOf(t, r)) != 40 {
		t.Fatalf("%v, %d articles", err, len(articlesOf(t, r)))
	}
	report, err := importWXR(t.Context(), r, args, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if report.Imported != 50 || report.Unchanged != 40 || len(articlesOf(t, r)) != 90 {
		t.Errorf("%s, %d articles", report.summary(), len(articlesOf(t, r)))
	}
}

func cutAfter(items iter.Seq2[desk.Item, error], n int, cut error) iter.Seq2[desk.Item, error] {
	return func(yield func(desk.Item, error) bool) {
		for item, err := range items {
			if n == 0 {
				yield(desk.Item{}, cut)
				return
			}
			n--
			if !yield(item, err) {
				return
			}
		}
	}
}

// A stopped import says so and leaves the room in order.
func TestImportStopped(t *testing.T) {
	r := importRoom(t)
	args := wxrArgs{File: writeExport(t, exportedPost(1, ""))}
	for _, stage := range []string{"checking", "importing"} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := importWXR(ctx, r, args, func(what string, _, _ int64) {
			if what == stage {
				cancel()
			}
		})
		if dateline.ErrorCode(err) != dateline.EUnavailable {
			t.Errorf("stopped while %s: %v", stage, err)
		}
	}
	if report, err := importWXR(t.Context(), r, args, quiet); err != nil || report.Imported+report.Unchanged != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// jpegOf makes a picture of one colour.
func jpegOf(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(0, 0, color.Gray{Y: 255 - shade})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func attached(id int, file, url string) string {
	return fmt.Sprintf(`<item><title>Pier</title><wp:post_id>%d</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:attachment_url>%s</wp:attachment_url>
<excerpt:encoded>The pier at dawn</excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value>%s</wp:meta_value></wp:postmeta></item>
`, id, url, file)
}

const lead611 = `<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>611</wp:meta_value></wp:postmeta>`

func TestImportPictures(t *testing.T) {
	media := t.TempDir()
	for name, shade := range map[string]uint8{"2014/06/pier.jpg": 10, "2014/06/boat.jpg": 20, "flat.jpg": 30, "2014/06/पुल.jpg": 40, "2014/06/big-scaled.jpg": 50} {
		file := filepath.Join(media, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, jpegOf(t, shade), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "secret.jpg")
	if err := os.WriteFile(outside, jpegOf(t, 99), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(media, "2014/06/link.jpg")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(media, "2014/06/fake.jpg"), []byte("<svg/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	body := `<content:encoded><![CDATA[
<p>One.</p>
<img class="wp-image-612" src="https://old.example/wp-content/uploads/2014/06/boat-300x200.jpg" alt="A boat">
<img src="https://www.old.example/wp-content/uploads/flat.jpg?x=1" alt="Flat">
<img src="/wp-content/uploads/2014/06/%e0%a4%aa%e0%a5%81%e0%a4%b2-150x150.jpg" alt="Bridge">
<img src="https://i0.wp.com/old.example/wp-content/uploads/2014/06/big.jpg?resize=20" alt="Big">
<img src="https://old.example/wp-content/uploads/2014/06/gone.jpg" alt="Gone">
<img src="https://old.example/wp-content/uploads/2014/06/fake.jpg" alt="Fake">
<img src="https://old.example/wp-content/uploads/2014/06/link.jpg" alt="Link">
<img src="https://stranger.example/wp-content/uploads/2014/06/pier.jpg" alt="Stranger">
<img src="https://old.example/wp-content/uploads/../../../../etc/2014/06/pier.jpg" alt="Dots">
]]></content:encoded>`
	file := writeExport(t, exportedPost(1, body+lead611)+exportedPost(2, strings.Replace(lead611, "611", "613", 1))+
		attached(611, "2014/06/pier.jpg", "https://old.example/wp-content/uploads/2014/06/pier.jpg")+
		attached(612, "2014/06/boat.jpg", "https://old.example/wp-content/uploads/2014/06/boat.jpg")+
		attached(613, "2014/06/lost.jpg", "https://old.example/wp-content/uploads/2014/06/lost.jpg"))
	r := importRoom(t)
	args := wxrArgs{File: file, pictureArgs: pictureArgs{Media: media}}
	report, err := importWXR(t.Context(), r, args, quiet)
	if err != nil {
		t.Fatal(err)
	}
	all := articlesOf(t, r)
	one := all["Post 1"].Content
	if one.Lead == nil || one.Lead.Alt == "" || one.Lead.Caption != "The pier at dawn" {
		t.Errorf("the lead is %+v", one.Lead)
	}
	doc, err := markup.ParseJSON(one.Body)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(markup.Pictures(doc)); n != 4 && n != 5 { // the path with dots is one that a browser would resolve
		t.Errorf("%d pictures in %s", n, one.Body)
	}
	for _, alt := range []string{"Gone", "Fake", "Link", "Stranger"} {
		if !strings.Contains(string(one.Body), alt) || strings.Contains(string(one.Body), `"alt":"`+alt) {
			t.Errorf("%s is no plain link in %s", alt, one.Body)
		}
	}
	two := all["Post 2"].Content
	if two.Lead != nil || !strings.Contains(string(two.Body), "The pier at dawn") || !strings.Contains(string(two.Body), "lost.jpg") {
		t.Errorf("the lost lead: %+v %s", two.Lead, two.Body)
	}
	if len(report.Missing) < 5 || report.Pictures < 5 {
		t.Errorf("%d pictures, missing %+v", report.Pictures, report.Missing)
	}
	if again, err := importWXR(t.Context(), r, args, quiet); err != nil || again.Unchanged != 2 {
		t.Errorf("the second run: %+v %v", again, err)
	}
}

func TestImportFetchesPictures(t *testing.T) {
	picture := jpegOf(t, 60)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/uploads/pier.jpg" {
			_, _ = w.Write(picture)
			return
		}
		http.NotFound(w, r)
	}))
	defer server.Close()
	r := importRoom(t)
	s, err := openPictures(r, pictureArgs{Fetch: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if found, err := s.find(t.Context(), "", server.URL+"/uploads/pier.jpg"); err != nil || found.id != "" || !strings.Contains(found.why, "not public") && found.why == "" {
		t.Errorf("an address of this machine was fetched: %+v %v", found, err)
	}
	if s.client, err = fetch.New(fetch.Config{UserAgent: "test", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}); err != nil {
		t.Fatal(err)
	}
	found, err := s.find(t.Context(), "", server.URL+"/uploads/pier-300x200.jpg")
	if err != nil || found.id == "" {
		t.Fatalf("%+v %v", found, err)
	}
	if lost, err := s.find(t.Context(), "", server.URL+"/uploads/lost.jpg"); err != nil || lost.id != "" || !strings.Contains(lost.why, "404") {
		t.Errorf("%+v %v", lost, err)
	}
	if p, err := r.desk.FindPicture(t.Context(), local, found.id); err != nil || p.Width != 640 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestImportReportIsBounded(t *testing.T) {
	r := newImportReport()
	for n := range reportLines + 7 {
		r.note(importLine{Line: n + 1, Kind: "block", Text: "x"})
	}
	var out bytes.Buffer
	if err := r.print(&out); err != nil {
		t.Fatal(err)
	}
	if r.LeftOut != 7 || len(r.Notes) != reportLines || !strings.Contains(out.String(), "7 further lines are left out here; by kind there were 5007 block.") {
		t.Errorf("%d left out: %s", r.LeftOut, out.String()[out.Len()-200:])
	}
	var back importReport
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &back); err != nil || back.Counts["block"] != reportLines+7 {
		t.Errorf("%v %v", err, back.Counts)
	}
}
