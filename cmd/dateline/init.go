package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
	"golang.org/x/term"
)

type initCommand struct {
	inFolder
	Name     string `help:"The paper's name." placeholder:"NAME"`
	SiteURL  string `name:"site-url" help:"The readers' address, such as https://estuary.example." placeholder:"URL"`
	RoomURL  string `name:"newsroom-url" help:"The newsroom's address, under another host name." placeholder:"URL"`
	Zone     string `help:"The newsroom's zone, an IANA name." placeholder:"ZONE"`
	Language string `help:"The paper's language, BCP 47." placeholder:"TAG"`
	City     string `help:"The city in the furniture of every page." placeholder:"CITY"`
}

// Help gives the example.
func (initCommand) Help() string {
	return `Asks for what no flag names, where there is a terminal to ask on.

Example:
  dateline init --dir paper --name "The Estuary" --site-url https://estuary.example \
      --newsroom-url https://desk.estuary.example --zone Asia/Kolkata --language en --city Neerapatnam`
}

// Run makes the newsroom.
func (c initCommand) Run(ctx context.Context, s streams) error {
	if err := c.Dir.unused(); err != nil {
		return err
	}
	if err := c.ask(s); err != nil {
		return err
	}
	p, err := c.publication()
	if err != nil {
		return err
	}
	r, err := makeRoom(ctx, c.Dir, p, desk.SystemClock{})
	if err != nil {
		return err
	}
	link, err := r.firstLink(ctx)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, map[string]string{"dir": c.Dir.name(), "name": p.Name, "site": p.Site, "newsroom": p.Newsroom, "first_chief": link})
	}
	_, err = fmt.Fprintf(s.out, "%s is ready in %s.\nServe it with:  dateline serve --dir %s\nFirst chief:    %s\n                (good once, for 24 hours, while it is served; serve prints a new one until there is a chief)\nKeep %s safe: it signs the record and seals second factors.\n",
		p.Name, c.Dir.name(), c.Dir, link, c.Dir.key())
	return err
}

// ask fills in what no flag named.
func (c *initCommand) ask(s streams) error {
	questions := []struct {
		answer         *string
		flag, question string
		proposed       string
	}{
		{&c.Name, "--name", "The paper's name", ""},
		{&c.SiteURL, "--site-url", "The readers' address", "http://127.0.0.1:8080"},
		{&c.RoomURL, "--newsroom-url", "The newsroom's address", "http://localhost:8081"},
		{&c.Zone, "--zone", "The newsroom's zone (IANA name)", "UTC"},
		{&c.Language, "--language", "The paper's language (BCP 47)", "en"},
		{&c.City, "--city", "The city on every page", ""},
	}
	terminal := term.IsTerminal(int(s.in.Fd()))
	in := bufio.NewReader(s.in)
	var missing []string
	for _, q := range questions {
		if *q.answer != "" {
			continue
		}
		if !terminal {
			missing = append(missing, q.flag)
			continue
		}
		fmt.Fprintf(s.out, "%s", q.question)
		if q.proposed != "" {
			fmt.Fprintf(s.out, " [%s]", q.proposed)
		}
		fmt.Fprint(s.out, ": ")
		line, err := in.ReadString('\n')
		if err != nil {
			return dateline.Errorf(dateline.EInvalid, "nothing was answered; name it with %s", q.flag)
		}
		if *q.answer = strings.TrimSpace(line); *q.answer == "" {
			*q.answer = q.proposed
		}
	}
	if len(missing) > 0 {
		return dateline.Errorf(dateline.EInvalid, "there is no terminal to ask on; name %s", strings.Join(missing, ", "))
	}
	return nil
}

func (c *initCommand) publication() (*dateline.Publication, error) {
	p := &dateline.Publication{Name: c.Name, Zone: c.Zone, Language: c.Language}
	if c.City != "" {
		p.City = dateline.Names{c.Language: c.City}
	}
	var err error
	if p.Site, err = publicAddress("--site-url", c.SiteURL); err != nil {
		return nil, err
	}
	if p.Newsroom, err = publicAddress("--newsroom-url", c.RoomURL); err != nil {
		return nil, err
	}
	if err := twoHosts(p.Site, p.Newsroom); err != nil {
		return nil, err
	}
	return p, p.Validate()
}

// publicAddress reads an address under which a listener is reached: scheme and host, nothing after.
func publicAddress(flag, s string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(s, "/"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return "", dateline.Errorf(dateline.EInvalid, "%s: %.100q is no address of a site; it is a scheme and a host, such as https://estuary.example", flag, s)
	}
	return strings.ToLower(u.Scheme) + "://" + strings.ToLower(u.Host), nil
}

// twoHosts refuses one host name for both listeners: cookies do not keep ports apart.
func twoHosts(site, newsroom string) error {
	a, errA := url.Parse(site)
	b, errB := url.Parse(newsroom)
	if errA != nil || errB != nil || a.Hostname() == b.Hostname() {
		return dateline.Errorf(dateline.EInvalid, "site and newsroom are both at %s: give them two host names, because cookies do not keep ports apart (http://127.0.0.1:8080 and http://localhost:8081 will do on one machine)", a.Hostname())
	}
	return nil
}

// makeRoom makes a newsroom in an unused folder and leaves it open. Where it fails, what it made is taken away again.
func makeRoom(ctx context.Context, f folder, p *dateline.Publication, clock desk.Clock) (_ *room, err error) {
	_, stat := os.Stat(string(f))
	fresh := errors.Is(stat, os.ErrNotExist)
	defer func() {
		if err != nil {
			for _, name := range []string{"key", "desk.db", "desk.db-wal", "desk.db-shm", "tombstones", "blobs", "dateline.lock"} {
				_ = os.RemoveAll(f.path(name))
			}
			if fresh {
				_ = os.Remove(string(f))
			}
		}
	}()
	if err := os.MkdirAll(string(f), 0o750); err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s cannot be made: %v", f.name(), err)
	}
	u, err := url.Parse(p.Site)
	if err != nil {
		return nil, err
	}
	secret, _, err := record.NewKey(u.Host+"/record", rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := f.writeKey(secret); err != nil {
		return nil, err
	}
	r, err := openRoomAt(ctx, f, slog.New(slog.DiscardHandler), clock, false)
	if err != nil {
		return nil, err
	}
	if _, err := r.desk.Init(ctx, *p); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}
