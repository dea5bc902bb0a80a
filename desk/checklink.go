package desk

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// walkPlaces visits every node of a document with its path, such as body.content[3].content[0], and what it stands in.
func walkPlaces(n markup.Node, path string, visit func(n markup.Node, path string, parent markup.Node)) {
	for i, child := range n.Content {
		at := path + ".content[" + strconv.Itoa(i) + "]"
		visit(child, at, n)
		walkPlaces(child, at, visit)
	}
}

// eachLink visits every address that a document links to, once, where it stands first.
func eachLink(doc markup.Node, visit func(href, path string)) {
	met := map[string]bool{}
	walkPlaces(doc, "body", func(n markup.Node, path string, _ markup.Node) {
		for _, m := range n.Marks {
			if m.Type == markup.MarkLink && m.Attrs != nil && m.Attrs.Href != "" && !met[m.Attrs.Href] {
				met[m.Attrs.Href] = true
				visit(m.Attrs.Href, path)
			}
		}
	})
}

// outward lists the links to other sites.
func (c *checker) outward() {
	c.out = nil
	met := map[string]bool{}
	eachLink(c.doc, func(href, path string) {
		if address, _ := outside(href, c.paper.Site); address != "" && !met[address] {
			met[address] = true
			c.out = append(c.out, link{address, path})
		}
	})
}

// addresses are those of other sites that are to be asked.
func (c *checker) addresses() []string {
	if c.rules.Level(dateline.CheckLinks) == dateline.LevelOff {
		return nil
	}
	list := make([]string, len(c.out))
	for i, l := range c.out {
		list[i] = l.address
	}
	return list
}

// links looks up the addresses of the paper's own, and lists those of other sites.
func (c *checker) links() (err error) {
	c.outward()
	if c.rules.Level(dateline.CheckOwnLinks) == dateline.LevelOff {
		return nil
	}
	count, bad := 0, 0
	eachLink(c.doc, func(href, path string) {
		_, own := outside(href, c.paper.Site)
		if own == nil || err != nil {
			return
		}
		why := ""
		if why, err = c.ownPage(own); err != nil {
			return
		}
		if count++; why != "" {
			bad++
			c.find(dateline.Finding{Check: dateline.CheckOwnLinks, State: dateline.FindingFails, Why: why, Path: path, What: href,
				Words: "the link " + href + " leads to " + map[string]string{"absent": "nothing that we have", "withdrawn": "an article that is withdrawn"}[why]})
		}
	})
	if err == nil && count > 0 && bad == 0 {
		c.find(dateline.Finding{Check: dateline.CheckOwnLinks, State: dateline.FindingGood, Number: count, Words: "every link to our own pages leads somewhere"})
	}
	return err
}

// ownPage says why readers find no page at one of the paper's own addresses; "" where they do.
func (c *checker) ownPage(u *url.URL) (why string, err error) {
	path := strings.TrimSpace(u.Path)
	if path == "" || path == "/" {
		return "", nil
	}
	forms := twins(path)
	if u.RawQuery != "" {
		forms = append([]string{path + "?" + u.RawQuery}, forms...)
	}
	for _, form := range forms {
		owner, err := c.tx.FindOwner(form)
		if absent(err) {
			continue
		}
		if err != nil || owner.Kind != OwnerArticle {
			return "", err
		}
		a, err := c.tx.FindArticle(owner.ID)
		if err != nil {
			return "", err
		}
		return map[dateline.Readers]string{dateline.Withdrawn: "withdrawn", dateline.Unpublished: "absent"}[a.Readers], nil
	}
	return c.sitesOwn(strings.Split(strings.Trim(path, "/"), "/"))
}

// sitesOwn says the same of an address that belongs to no article or section: a topic's, a person's, or one of the site itself.
func (c *checker) sitesOwn(parts []string) (why string, err error) {
	if len(parts) == 2 && (parts[0] == "topics" || parts[0] == "people") {
		if parts[0] == "topics" {
			_, err = c.tx.Topics().FindBySlug(parts[1])
		} else {
			_, err = c.tx.Persons().FindBySlug(parts[1])
		}
		if absent(err) {
			return "absent", nil
		}
		return "", err
	}
	for i, name := range parts {
		if i > 0 && (name == "history" || name == "proof" || strings.HasSuffix(name, ".xml")) {
			return c.ownPage(&url.URL{Path: "/" + strings.Join(parts[:i], "/")})
		}
	}
	if dateline.Reserved(parts[0]) {
		return "", nil
	}
	return "absent", nil
}

// outsideLinks adds what asking other sites came to; one that was not asked yet is said to be still asked.
func (c *checker) outsideLinks(answers map[string]linkAnswer) {
	good := 0
	for _, l := range c.out {
		a, ok := answers[l.address]
		if !ok {
			a = linkAnswer{state: dateline.FindingAsked}
		}
		if a.state == dateline.FindingGood {
			good++
			continue
		}
		c.find(dateline.Finding{Check: dateline.CheckLinks, State: a.state, Why: a.why, Path: l.path, What: l.address, Number: a.status,
			Words: "the link " + l.address + " " + a.words()})
	}
	if good > 0 && good == len(c.out) {
		c.find(dateline.Finding{Check: dateline.CheckLinks, State: dateline.FindingGood, Number: good, Words: "every link to another site answers"})
	}
}

// words say in English what asking came to.
func (a linkAnswer) words() string {
	switch a.why {
	case "gone":
		return "is broken: the site answers " + strconv.Itoa(a.status) + ", there is nothing"
	case "no_host":
		return "is broken: there is no such site"
	case "refused":
		return "could not be looked at: the site answers " + strconv.Itoa(a.status) + " to programs; open it and see"
	case "late":
		return "could not be looked at in time; open it and see"
	case "private":
		return "is not looked at: it is no address of the public web"
	case "many":
		return "is not looked at: there are more than " + strconv.Itoa(maxLinks)
	case "silent":
		return "could not be looked at from here; open it and see"
	}
	return "is being looked at"
}
