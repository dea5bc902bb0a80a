package main

import (
	"fmt"
	"net/netip"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/fetch"
)

// entrance is what the program's doors are told on the command line: what stands before them, who else vouches for people, how many
// pages are kept, and how many readers of live coverage stay.
type entrance struct {
	Cache        int      `help:"How many megabytes of pages are kept ready in memory." default:"64" placeholder:"MB"`
	Streams      int      `help:"How many open pages of live coverage hear of what is new at once; the others ask every ten seconds. Each takes one open file." default:"20000" placeholder:"N"`
	TrustedProxy []string `help:"A network whose word on where a request comes from is taken (X-Forwarded-For); can be given more than once." placeholder:"CIDR"`
	OIDCName     string   `name:"oidc-name" help:"What the button of the sign-on provider says." env:"DATELINE_OIDC_NAME" placeholder:"NAME"`
	OIDCIssuer   string   `name:"oidc-issuer" help:"The issuer of an OpenID Connect provider; its people sign in where they have an account or an invitation." env:"DATELINE_OIDC_ISSUER" placeholder:"URL"`
	OIDCClient   string   `name:"oidc-client-id" help:"The newsroom's id there. Its redirect address is the newsroom's own, with /sign-in/provider/callback." env:"DATELINE_OIDC_CLIENT_ID" placeholder:"ID"`
	OIDCSecret   string   `name:"oidc-client-secret" help:"The newsroom's secret there; better given in the environment." env:"DATELINE_OIDC_CLIENT_SECRET" placeholder:"SECRET"`
}

// cacheBytes is what pages may take; 0 where nothing was said.
func (e entrance) cacheBytes() int64 { return int64(e.Cache) << 20 }

// signOn makes the sign-on provider; nil where none is named.
func (e entrance) signOn(d *auth.Door) (*auth.SignOn, error) {
	if e.OIDCIssuer == "" {
		return nil, nil
	}
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version, Allow: own(e.OIDCIssuer)})
	if err != nil {
		return nil, err
	}
	return d.SignOn(auth.SignOnConfig{Fetch: client, Name: e.OIDCName, Issuer: e.OIDCIssuer, ClientID: e.OIDCClient, ClientSecret: e.OIDCSecret})
}

func (e entrance) proxies() (list []netip.Prefix, err error) {
	for _, s := range e.TrustedProxy {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			at, bad := netip.ParseAddr(s)
			if bad != nil {
				return nil, dateline.Errorf(dateline.EInvalid, "--trusted-proxy: %.60q is no network, such as 127.0.0.1/32", s)
			}
			p = netip.PrefixFrom(at, at.BitLen())
		}
		list = append(list, p)
	}
	return list, nil
}

// sayFirstLink prints the link of the first chief, until there is one.
func sayFirstLink(s streams, link string) error {
	if link == "" {
		return nil
	}
	_, err := fmt.Fprintf(s.out, "  First chief:  %s\n                (good once, for 24 hours; a start without a chief prints a new one)\n", link)
	return err
}
