package main

// row is one line of the comparison.
type row struct {
	name        string
	page        string // whose bytes: a key of bench.pages; "" for the list of addresses
	encoding    string // Accept-Encoding
	connections int
	secure      bool // HTTP/2 over TLS
	unchanged   bool // asked with the entity tag the server gave
	alone       bool // Dateline only: made for each request
	aim         aim
}

// aim is what Dateline is held to.
type aim struct {
	peer  string  // beside whom; "" for an absolute number
	least float64 // the ratio, or requests per second of processor time
	p99   float64 // milliseconds; 0 for none
}

var (
	levelWithNginx = aim{peer: "nginx", least: 1}
	nearNetHTTP    = aim{peer: "net/http", least: 0.95}
)

// connectionsUsual is how many there are where a row is not about that.
const connectionsUsual = 64

// rows are those of docs/adr/041: every kind of page once, then an article in every other respect.
func rows() []row {
	usual := func(name, page string) row {
		return row{name: name, page: page, encoding: "gzip", connections: connectionsUsual, aim: levelWithNginx}
	}
	list := []row{usual("article", "article"), usual("home", "home"), usual("section", "section"), usual("topic", "topic"), usual("feed", "feed"),
		usual("search", "search"), usual("not modified (304)", "article"), usual("not found (404)", "missing")}
	list[5].alone, list[5].aim = true, aim{}
	list[6].unchanged = true
	for _, enc := range []string{"identity", "br", "zstd"} {
		r := usual("article, "+enc, "article")
		r.encoding = enc
		if enc == "zstd" {
			r.aim = aim{} // nginx has none
		}
		list = append(list, r)
	}
	one, thousand, secure := usual("article, 1 connection", "article"), usual("article, 1,000 connections", "article"), usual("article, HTTP/2 over TLS", "article")
	one.connections, thousand.connections = 1, 1000
	secure.secure, secure.aim = true, nearNetHTTP
	list = append(list, one, thousand, secure)
	for _, enc := range []string{"identity", "gzip"} {
		// As many connections as keep the processor busy without a queue: 5 ms are to be the page's, not the waiting's.
		r := row{name: "any article, " + enc, encoding: enc, connections: 4, alone: true, aim: aim{least: 4000, p99: 5}}
		if enc == "gzip" {
			r.aim.least = 3000
		}
		list = append(list, r)
	}
	return list
}
