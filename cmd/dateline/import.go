package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

type importCommand struct {
	WXR  importWXRCommand  `cmd:"" name:"wxr" help:"Bring in a WordPress export."`
	Page importPageCommand `cmd:"" help:"Bring in saved web pages."`
}

// pictureFlags say where the pictures of what is imported come from.
type pictureFlags struct {
	Media      string `help:"A copy of the old site's uploads folder, for its pictures." placeholder:"DIR"`
	FetchMedia bool   `help:"Fetch pictures that are not in the folder from the old site."`
}

type importWXRCommand struct {
	inFolder
	pictureFlags
	File       string            `arg:"" help:"The export, as WordPress' Tools, Export writes it."`
	SectionMap map[string]string `help:"Where a category goes: a section's slug, the word topic, or the word drop. May be given again." placeholder:"NICENAME=SLUG"`
	Section    string            `help:"The section of posts that no category places." placeholder:"SLUG" default:"news"`
	Zone       string            `help:"The old site's zone, for dates that name none; the newsroom's own where it is not given." placeholder:"ZONE"`
}

// Help gives the example and the rule of sections.
func (importWXRCommand) Help() string {
	return `The whole file is checked before anything is written. A run that was cut is finished by running it again; a second
run changes nothing.

A post's section is the first of its categories that --section-map sends to one, or else the first that is at the top of the
tree of categories, or else the top above its first category. Its other categories and its tags become topics.

Example:
  dateline import wxr export.xml --dir paper --media wp-content/uploads --section-map politics=city --section-map blog=drop`
}

// Run imports the export and prints the report.
func (c importWXRCommand) Run(ctx context.Context, s streams) error {
	args := wxrArgs{Sections: c.SectionMap, Default: c.Section, Zone: c.Zone}
	var err error
	if args.File, err = filepath.Abs(c.File); err != nil {
		return fmt.Errorf("find %s: %w", c.File, err)
	}
	if args.pictureArgs, err = c.pictureArgs(); err != nil {
		return err
	}
	return runImport(ctx, s, c.inFolder, "import-wxr", args)
}

// runImport has an import carried out and prints its report.
func runImport(ctx context.Context, s streams, in inFolder, name string, args any) error {
	report := newImportReport()
	p := newProgress(s.err)
	err := perform(ctx, in.Dir, name, args, report, p.tell)
	p.finish()
	if err != nil {
		return err
	}
	if in.JSON {
		return printJSON(s.out, report)
	}
	return report.print(s.out)
}

// pictureArgs are pictureFlags on their way to whoever carries the import out.
type pictureArgs struct {
	Media string
	Fetch bool
}

func (f pictureFlags) pictureArgs() (pictureArgs, error) {
	if f.Media == "" {
		return pictureArgs{Fetch: f.FetchMedia}, nil
	}
	dir, err := filepath.Abs(f.Media)
	return pictureArgs{Media: dir, Fetch: f.FetchMedia}, err
}

// importPaper loads the paper that an import goes into.
func importPaper(ctx context.Context, r *room) (paper *dateline.Publication, err error) {
	err = r.desk.View(ctx, func(tx desk.Tx) error {
		paper, err = tx.FindPublication()
		return err
	})
	return paper, err
}

// importZone is the zone of dates that name none: the one asked for, or the paper's.
func importZone(name string, paper *dateline.Publication) (*time.Location, error) {
	if name == "" && paper != nil {
		return paper.Location()
	}
	if name == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, dateline.Errorf(dateline.EInvalid, "--zone: %.60q is not a zone; use an IANA name such as Asia/Kolkata", name)
	}
	return zone, nil
}

// sectionSlug refuses what cannot be a section.
func sectionSlug(flag, slug string) error {
	if err := dateline.ValidSlug(slug); err != nil {
		return dateline.Errorf(dateline.EInvalid, "%s: %.100q is no section's slug: %v", flag, slug, err)
	}
	if dateline.Reserved(slug) {
		return dateline.Errorf(dateline.EInvalid, "%s: %q is one of the site's own addresses or looks like a year; choose another", flag, slug)
	}
	return nil
}

// named gives a section, topic or person its name in the paper's language. What has no slug is no part of an address
// and cannot be made.
func named(paper *dateline.Publication, slug, name string) desk.Named {
	if name == "" {
		name = slug
	}
	return desk.Named{Slug: slug, Names: dateline.Names{paper.Language: name}}
}

// contentLanguage is a source's language where it is one, and otherwise the paper's.
func contentLanguage(tag string, paper *dateline.Publication) string {
	if tag != "" && dateline.ValidLanguage(tag) {
		return tag
	}
	return paper.Language
}

// bylined adds names to an item's byline: persons by their slug, and what makes no slug as it is printed.
func bylined(item *desk.Item, paper *dateline.Publication, names []string) {
	for _, name := range names {
		name = printable(name, dateline.MaxName)
		switch slug := desk.Slug(name); {
		case name == "" || len(item.Persons)+len(item.Content.Byline) >= dateline.MaxBylines:
		case slug == "":
			item.Content.Byline = append(item.Content.Byline, dateline.Credit{Agency: name})
		default:
			item.Persons = append(item.Persons, named(paper, slug, name))
		}
	}
}

// printable makes one line of words from elsewhere: white space becomes single blanks, what no line may hold is dropped,
// and what is over the limit of code points is cut at a blank where there is one.
func printable(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == 0x2028 || r == 0x2029:
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r == 0xFEFF, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	head := string([]rune(s)[:limit-1])
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,;:.–-") + "…"
}
