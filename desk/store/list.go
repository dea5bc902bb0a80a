package store

import (
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// ListArticles lists articles without their bodies in the order that the filter names.
func (t *tx) ListArticles(f dateline.ArticleFilter) (dateline.ArticlePage, error) {
	q := listQuery(f)
	if q.err != nil {
		return dateline.ArticlePage{}, q.err
	}
	var page dateline.ArticlePage
	var last string
	err := t.each(q.text, q.args, func(rows *sql.Rows) error {
		var key int64
		a, err := scanArticle(rows.Scan, &key)
		if err != nil {
			return err
		}
		if len(page.Articles) == f.Limit {
			page.Next = last
			return nil
		}
		page.Articles = append(page.Articles, a)
		last = strconv.FormatInt(key, 36) + "." + string(a.ID)
		return nil
	})
	return page, err
}

// CountArticles counts the articles of a list, no further than a limit.
func (t *tx) CountArticles(f dateline.ArticleFilter, limit int) (n int, err error) {
	q := narrow(f)
	err = t.one("SELECT COUNT(*) FROM (SELECT 1 FROM "+q.from+" WHERE "+strings.Join(q.where, " AND ")+" LIMIT "+q.arg(limit)+")", q.args, &n)
	return n, err
}

// query is a list being worded.
type query struct {
	from  string
	where []string
	key   string // the column that the list is ordered by
	down  bool   // the newest first
	text  string
	args  []any
	err   error
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *query) and(condition string) { q.where = append(q.where, condition) }

// narrow words the conditions of a filter.
func narrow(f dateline.ArticleFilter) *query {
	q := &query{from: "articles a", where: []string{"1 = 1"}, key: "a.saved_at", down: true}
	switch {
	case f.Query != "":
		q.from, q.key = "article_words s JOIN articles a ON a.search = s.rowid", "s.rowid"
		q.and("article_words MATCH " + q.arg(matchAll(f.Query, f.Typing)))
		q.and("a.search > 0")
	case f.Order == dateline.ByDue:
		q.key, q.down = "a.due", false
		q.and("a.due IS NOT NULL")
	case f.Order == dateline.ByEmbargo:
		q.key, q.down = "a.embargo", false
		q.and("a.embargo IS NOT NULL")
	case f.Order == dateline.ByStood:
		q.key = "a.stood"
		q.and("a.stood IS NOT NULL")
	}
	q.states(f)
	if f.Section != "" {
		q.and("a.section = " + q.arg(string(f.Section)))
	}
	if f.Author != "" {
		q.and("a.author = " + q.arg(f.Author))
	}
	q.between(f.From, f.Before)
	return q
}

// between bounds what the list is ordered by; rows of the word index have no instant.
func (q *query) between(from, before time.Time) {
	if q.key == "s.rowid" {
		return
	}
	if !from.IsZero() {
		q.and(q.key + " >= " + q.arg(micros(from)))
	}
	if !before.IsZero() {
		q.and(q.key + " < " + q.arg(micros(before)))
	}
}

// states words what the states ask. What a partial index leaves out is said again, so that the planner sees that the
// index serves.
func (q *query) states(f dateline.ArticleFilter) {
	if f.Readers != "" {
		q.and("a.readers = " + q.arg(string(f.Readers)))
		if f.Readers != dateline.Published {
			q.and("a.readers <> 'published'")
		}
	}
	if f.Draft != "" {
		q.and("a.draft = " + q.arg(string(f.Draft)))
		if f.Draft != dateline.DraftNone {
			q.and("a.draft <> 'none'")
		}
	}
	if f.Kind != "" {
		q.and("a.kind = " + q.arg(string(f.Kind)))
		if f.Kind != dateline.KindArticle {
			q.and("a.kind <> 'article'")
		}
	}
}

func listQuery(f dateline.ArticleFilter) query {
	q := narrow(f)
	sign, direction := "<", "DESC"
	if !q.down {
		sign, direction = ">", "ASC"
	}
	if f.After != "" {
		q.after(f.After, sign)
	}
	order := q.key + " " + direction
	if f.Query == "" {
		order += ", a.id " + direction
	}
	q.text = "SELECT " + articleColumns + ", " + q.key + " FROM " + q.from + " JOIN versions v ON v.article = a.id AND v.version = a.saved WHERE " +
		strings.Join(q.where, " AND ") + " ORDER BY " + order + " LIMIT " + q.arg(f.Limit+1)
	return *q
}

// after is the condition that begins a list after the key of the page before.
func (q *query) after(key, sign string) {
	number, id, _ := strings.Cut(key, ".")
	n, err := strconv.ParseInt(number, 36, 64)
	if err != nil {
		q.err = dateline.Errorf(dateline.EInvalid, "%.60q is not the key of a page of this list; begin without one", key)
	}
	if q.key == "s.rowid" {
		q.and("s.rowid < " + q.arg(n))
		return
	}
	q.and("(" + q.key + ", a.id) " + sign + " (" + q.arg(n) + ", " + q.arg(id) + ")")
}
