package auth

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/desk/storetest"
)

var (
	noon = time.Date(2026, 3, 28, 6, 30, 0, 0, time.UTC)
	head = dateline.Actor{Name: "set-up", Role: dateline.RoleChief}
)

const (
	herons = "four herons on a winter quay"
	ferry  = "the night ferry has no cabins"
)

// house is a door with a real store.
type house struct {
	*testing.T
	*Door
	clock *storetest.Clock
	desk  *desk.Desk
	city  dateline.ID
}

func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, clock: storetest.NewClock(noon)}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), h.clock)
	h.must(err)
	t.Cleanup(func() { h.must(db.Close()) })
	h.desk, err = desk.New(t.Context(), desk.Config{Store: db})
	h.must(err)
	_, err = h.desk.Init(t.Context(), dateline.Publication{Name: "The Estuary", Site: "http://127.0.0.1:8080", Newsroom: "http://localhost:8081", Zone: "Asia/Kolkata", Language: "en"})
	h.must(err)
	s, err := h.desk.CreateSection(t.Context(), head, dateline.Section{Slug: "city", Names: dateline.Names{"en": "City"}})
	h.must(err)
	h.city = s.ID
	h.Door, err = New(Config{Store: db, Secret: []byte(strings.Repeat("k", 32))})
	h.must(err)
	cheap := cost
	cheap.Memory, cheap.Iterations = 64, 1
	h.passwords, err = newPasswords(h.random, cheap)
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) want(code dateline.Code, err error) {
	h.Helper()
	if dateline.ErrorCode(err) != code {
		h.Errorf("got %v, want the code %q", err, code)
	}
}

// colleague is somebody with an account and a password.
type colleague struct {
	*house
	account  *dateline.Account
	email    string
	password string
	secret   string // of the codes
	session  string
	codes    []string
}

// code is one that is good now and was not used: the clock moves to a new period.
func (c *colleague) code() string {
	c.Helper()
	c.clock.Pass(61 * time.Second)
	now, err := c.Now(c.Context())
	c.must(err)
	code, err := totp.GenerateCode(c.secret, now)
	c.must(err)
	return code
}

func (h *house) invited(email string, role dateline.Role, sections ...dateline.ID) string {
	h.Helper()
	_, secret, err := h.Invite(h.Context(), head, email, role, sections)
	h.must(err)
	return secret
}

// join makes an account by a link, with a password.
func (h *house) join(link, name, email string) *colleague {
	h.Helper()
	c := &colleague{house: h, email: email, password: herons}
	e, err := h.JoinByPassword(h.Context(), link, Person{Name: name, Email: email}, c.password)
	h.must(err)
	c.secret = strings.ReplaceAll(e.Secret, " ", "")
	in, err := h.JoinByCode(h.Context(), link, e.Held, c.code(), visit("192.0.2.1"))
	h.must(err)
	c.account, c.session, c.codes = in.Account, in.Secret, in.Codes
	return c
}

func (h *house) colleague(name string, role dateline.Role, sections ...dateline.ID) *colleague {
	h.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@estuary.example"
	return h.join(h.invited(email, role, sections...), name, email)
}

func (c *colleague) signIn() (Entrance, error) {
	return c.SignIn(c.Context(), c.email, c.password, c.code(), visit("192.0.2.1"))
}

func (h *house) who(session string) (Who, dateline.Code) {
	h.Helper()
	w, err := h.Who(h.Context(), session)
	return w, dateline.ErrorCode(err)
}

func visit(address string) Visit { return Visit{Address: address, Agent: "a test"} }

func TestTheFirstChief(t *testing.T) {
	h := openHouse(t)
	first, err := h.FirstLink(t.Context())
	h.must(err)
	second, err := h.FirstLink(t.Context())
	h.must(err)
	chief := h.join(second, "Meera Anand", "meera@estuary.example")
	if chief.account.Role != dateline.RoleChief || len(chief.account.Sections) != 0 || len(chief.codes) != recoveryCodes {
		t.Errorf("the first chief: %+v", chief.account)
	}
	for _, link := range []string{first, second} {
		_, err := h.Invited(t.Context(), link)
		h.want(dateline.EUnauthorized, err)
	}
	_, err = h.FirstLink(t.Context())
	h.want(dateline.EState, err)
	w, code := h.who(chief.session)
	if code != "" || w.Account.Name != "Meera Anand" || !w.Fresh {
		t.Errorf("the session is %+v, %q", w, code)
	}
}

func TestLinksRunOut(t *testing.T) {
	h := openHouse(t)
	first, err := h.FirstLink(t.Context())
	h.must(err)
	week := h.invited("a@estuary.example", dateline.RoleEditor)
	h.clock.Pass(firstFor - time.Second)
	_, err = h.Invited(t.Context(), first)
	h.must(err)
	h.clock.Pass(2 * time.Second)
	_, gone := h.Invited(t.Context(), first)
	h.want(dateline.EUnauthorized, gone)
	_, err = h.Invited(t.Context(), week)
	h.must(err)
	h.clock.Pass(inviteFor)
	_, err = h.JoinByPassword(t.Context(), week, Person{Name: "A"}, herons)
	h.want(dateline.EUnauthorized, err)
	_, never := h.Invited(t.Context(), "never made")
	if err.Error() != gone.Error() || never.Error() != gone.Error() {
		t.Errorf("three links that are not good, and more than one answer:\n%v\n%v\n%v", gone, err, never)
	}
}

func TestALinkIsGoodOnceAndRevocable(t *testing.T) {
	h := openHouse(t)
	link := h.invited("nalini@estuary.example", dateline.RoleReporter, h.city)
	e, err := h.JoinByPassword(t.Context(), link, Person{Name: "Nalini Okar", Email: "chief@estuary.example"}, herons)
	h.must(err)
	other, err := h.JoinByPassword(t.Context(), link, Person{Name: "Somebody Else"}, herons)
	h.must(err)
	c := &colleague{house: h, secret: strings.ReplaceAll(e.Secret, " ", "")}
	_, err = h.JoinByCode(t.Context(), link, e.Held, "000000", visit(""))
	h.want(dateline.EInvalid, err)
	in, err := h.JoinByCode(t.Context(), link, e.Held, c.code(), visit(""))
	h.must(err)
	if in.Account.Email != "nalini@estuary.example" || in.Account.Role != dateline.RoleReporter || in.Account.Sections[0] != h.city {
		t.Errorf("the account has not what the invitation says: %+v", in.Account)
	}
	c.secret = strings.ReplaceAll(other.Secret, " ", "")
	_, err = h.JoinByCode(t.Context(), link, other.Held, c.code(), visit(""))
	h.want(dateline.EUnauthorized, err)

	i, secret, err := h.Invite(t.Context(), head, "ilan@estuary.example", dateline.RoleEditor, nil)
	h.must(err)
	h.must(h.RevokeInvitation(t.Context(), head, i.ID))
	_, err = h.Invited(t.Context(), secret)
	h.want(dateline.EUnauthorized, err)
	h.want(dateline.ENotFound, h.RevokeInvitation(t.Context(), head, i.ID))
	_, _, err = h.Invite(t.Context(), head, "NALINI@estuary.example", dateline.RoleEditor, nil)
	h.want(dateline.EConflict, err)
	_, _, err = h.Invite(t.Context(), in.Account.Actor(), "x@estuary.example", dateline.RoleEditor, nil)
	h.want(dateline.EForbidden, err)
	_, _, err = h.Invite(t.Context(), head, "x@estuary.example", dateline.RoleEditor, []dateline.ID{"0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"})
	h.want(dateline.EInvalid, err)
	_, _, err = h.Invite(t.Context(), head, "no address", dateline.RoleFollower, nil)
	h.want(dateline.EInvalid, err)
}

// TestOneAnswerForAll: whatever does not match, the words are the same and so is the work: one run of argon2, and no row written.
func TestOneAnswerForAll(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	ended := h.colleague("Joss Albuq", dateline.RoleReporter)
	_, err := h.EndAccount(t.Context(), head, ended.account.ID, 0)
	h.must(err)
	keyOnly := h.colleague("Rukmin Tavares", dateline.RoleReporter)
	h.must(h.update(t.Context(), func(tn *turn) error { return tn.Tx.DeletePassword(keyOnly.account.ID) }))
	used := c.code()
	_, err = h.SignIn(t.Context(), c.email, c.password, used, visit("192.0.2.9"))
	h.must(err)

	good := func(s *colleague) string { return s.code() }
	tries := []struct {
		name, email, password string
		code                  func() string
	}{
		{"nobody", "nobody@estuary.example", herons, func() string { return "123456" }},
		{"wrong password", c.email, ferry, func() string { return good(c) }},
		{"wrong code", c.email, herons, func() string { return "000000" }},
		{"both wrong", c.email, ferry, func() string { return "x" }},
		{"a used code", c.email, herons, func() string { return used }},
		{"ended", ended.email, herons, func() string { return good(ended) }},
		{"no password", keyOnly.email, herons, func() string { return good(keyOnly) }},
		{"empty", "", "", func() string { return "" }},
		{"a long password", c.email, strings.Repeat("x", 5000), func() string { return good(c) }},
	}
	audit := h.auditLines()
	for i, try := range tries {
		for name, f := range map[string]func(context.Context, string, string, string, Visit) (Entrance, error){"sign-in": h.SignIn, "recovery": h.RecoverSignIn} {
			code, want, before := try.code(), refused(), h.passwords.runs.Load()
			if name == "recovery" {
				want = refusedRecovery()
			}
			_, err := f(t.Context(), try.email, try.password, code, visit(fmt.Sprintf("198.51.100.%d", i)))
			if dateline.ErrorCode(err) != dateline.EUnauthorized || err.Error() != want.Error() {
				t.Errorf("%s, %s: %v", name, try.name, err)
			}
			if runs := h.passwords.runs.Load() - before; runs != 1 {
				t.Errorf("%s, %s: argon2 ran %d times", name, try.name, runs)
			}
		}
	}
	if after := h.auditLines(); after != audit {
		t.Errorf("refusals wrote %d lines", after-audit)
	}
}

func (h *house) auditLines() (n int) {
	h.Helper()
	h.must(h.view(h.Context(), func(t *turn) error {
		list, err := t.ListAudit("", 0, 1000)
		n = len(list)
		return err
	}))
	return n
}

func TestACodeIsGoodOnce(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	code := c.code()
	_, err := h.SignIn(t.Context(), strings.ToUpper(c.email), c.password, code[:3]+" "+code[3:], visit("192.0.2.1"))
	h.must(err)
	_, err = h.SignIn(t.Context(), c.email, c.password, code, visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
	now, err := h.Now(t.Context())
	h.must(err)
	older, err := totp.GenerateCode(c.secret, now.Add(-period*time.Second))
	h.must(err)
	_, err = h.SignIn(t.Context(), c.email, c.password, older, visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
	ahead, err := totp.GenerateCode(c.secret, now.Add(period*time.Second))
	h.must(err)
	_, err = h.SignIn(t.Context(), c.email, c.password, ahead, visit("192.0.2.1"))
	h.must(err)
}

func TestRecoveryCodes(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	in, err := h.RecoverSignIn(t.Context(), c.email, c.password, " "+strings.ToUpper(strings.ReplaceAll(c.codes[0], "-", "")), visit("192.0.2.1"))
	h.must(err)
	if in.Left != recoveryCodes-1 {
		t.Errorf("%d codes are left", in.Left)
	}
	_, err = h.RecoverSignIn(t.Context(), c.email, c.password, c.codes[0], visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
	_, err = h.RecoverSignIn(t.Context(), c.email, "", c.codes[1], visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err) // whoever has a password gives it
	w, _ := h.who(in.Secret)
	codes, err := h.NewCodes(t.Context(), w)
	h.must(err)
	_, err = h.RecoverSignIn(t.Context(), c.email, c.password, c.codes[1], visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
	h.must(h.update(t.Context(), func(tn *turn) error { return tn.Tx.DeletePassword(c.account.ID) }))
	_, err = h.RecoverSignIn(t.Context(), c.email, "", codes[1], visit("192.0.2.1"))
	h.must(err)
	other := h.colleague("Ilan Verghese", dateline.RoleEditor)
	_, err = h.RecoverSignIn(t.Context(), c.email, "", other.codes[0], visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
}

func TestPasswords(t *testing.T) {
	for password, good := range map[string]bool{
		herons: true, "ferrétés in ñight": true, "नाव रात को चलती है": true, "short": false, "elevenchars": false, "aaaaaaaaaaaaaaaa": false, "abababababababab": false,
		"nalini@estuary.example": false, "my NALINI OKAR password": false, "xx nalini.okar 1234": false, strings.Repeat("four herons ", 20): false, "\xff\xfe not text at all": false,
	} {
		err := checkPassword(password, "Nalini Okar", "nalini.okar@estuary.example")
		if password == "nalini@estuary.example" {
			err = checkPassword(password, "N", "nalini@estuary.example")
		}
		if (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
	}
	p, err := newPasswords(strings.NewReader(strings.Repeat("r", 100)), cost)
	if err != nil {
		t.Fatal(err)
	}
	composed, apart := "caf\u00e9s on the quay", "cafe\u0301s on the quay"
	h, err := p.hash(t.Context(), composed)
	if err != nil || !strings.HasPrefix(h, "$argon2id$v=19$m=65536,t=2,p=1$") {
		t.Fatalf("%q, %v", h, err)
	}
	for password, want := range map[string]bool{composed: true, apart: true, "cafes on the quay": false} {
		if ok, err := p.matches(t.Context(), password, h); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	if ok, err := p.matches(t.Context(), "", ""); ok || err != nil {
		t.Errorf("nothing matches nothing: %v, %v", ok, err)
	}
}

// TestMemoryIsBounded: however many sign in at once, two are worked on, and who does not want to wait any more does not.
func TestMemoryIsBounded(t *testing.T) {
	p, err := newPasswords(strings.NewReader(strings.Repeat("r", 100)), cost)
	if err != nil {
		t.Fatal(err)
	}
	for range atOnce {
		if _, err := p.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.matches(ctx, herons, ""); dateline.ErrorCode(err) != dateline.EUnavailable {
		t.Errorf("a third one: %v", err)
	}
}

func TestLimits(t *testing.T) {
	l := newLimiter(Limits{Account: 2, Everywhere: 3, Address: 5, Window: 10 * time.Minute})
	try := func(at time.Time, address, email string) error {
		_, err := l.spend(at, address, email)
		return err
	}
	for i := range 3 {
		if err := try(noon, fmt.Sprintf("192.0.2.%d", i), "Nalini@estuary.example"); err != nil {
			t.Fatal(err)
		}
	}
	err := try(noon.Add(4*time.Minute), "192.0.2.77", " nalini@ESTUARY.example")
	if dateline.ErrorCode(err) != dateline.ETooMany || !strings.Contains(err.Error(), "6 minutes") {
		t.Errorf("a fourth try on an account: %v", err)
	}
	if err := try(noon.Add(10*time.Minute), "192.0.2.77", "nalini@estuary.example"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for i := range 5 {
		if err := try(noon, fmt.Sprintf("2001:db8:1:2::%d", i), fmt.Sprint(i, "@estuary.example")); err != nil {
			t.Fatal(err)
		}
	}
	if err := try(noon, "2001:db8:1:2:ffff::9", "other@estuary.example"); dateline.ErrorCode(err) != dateline.ETooMany {
		t.Errorf("a sixth try from a network: %v", err)
	}
	if err := try(noon, "2001:db8:1:3::1", "other@estuary.example"); err != nil {
		t.Errorf("from the network beside it: %v", err)
	}
	for range 20 {
		cameIn, err := l.spend(noon, "203.0.113.5", "quick@estuary.example")
		if err != nil {
			t.Fatalf("tries that went well count: %v", err)
		}
		cameIn("quick@estuary.example")
	}
	if a, b := network("::ffff:192.0.2.1"), network("192.0.2.1"); a != b {
		t.Errorf("%s and %s are one address", a, b)
	}
}

// TestAStrangerLocksNobodyOut: who knows an address spends its tries from where the stranger is, and, from many networks, those of
// all places together; where its owner has come in from before, the owner comes in still, and so does a passkey anywhere.
func TestAStrangerLocksNobodyOut(t *testing.T) {
	l := newLimiter(Limits{Account: 2, Everywhere: 6, Address: 50, Window: 10 * time.Minute})
	const email, home = "nalini@estuary.example", "192.0.2.1"
	cameIn, err := l.spend(noon, home, "")
	if err != nil {
		t.Fatal(err)
	}
	cameIn("Nalini@estuary.example") // by a passkey, which names no address
	want := func(what, from string, code dateline.Code) {
		t.Helper()
		if _, err := l.spend(noon, from, email); dateline.ErrorCode(err) != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	for range 2 {
		want("a stranger's guess", "198.51.100.1", "")
	}
	want("a third guess from there", "198.51.100.1", dateline.ETooMany)
	want("the owner, elsewhere", "203.0.113.9", "")
	for i := range 3 {
		want("a guess from yet another network", fmt.Sprintf("198.51.100.%d", 10+i), "")
	}
	want("a guess when all networks have spent what there is", "198.51.100.20", dateline.ETooMany)
	want("the owner, where there is a session already", home, "")
	want("the owner's second try there", home, "")
	want("guesses from the owner's own network", home, dateline.ETooMany)
	if _, err := l.spend(noon, "198.51.100.20", ""); err != nil {
		t.Errorf("a passkey: %v", err)
	}
	if _, err := l.spend(noon.Add(usual), home, email); err != nil {
		t.Errorf("a month later: %v", err)
	}
}

// TestLimitsAreTheSameForStrangers: the answer to too many tries does not tell whether there is an account.
func TestLimitsAreTheSameForStrangers(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	answers := map[string]string{}
	for _, email := range []string{c.email, "nobody@estuary.example"} {
		for range defaultLimits.Account + 1 {
			_, err := h.SignIn(t.Context(), email, ferry, "000000", visit("192.0.2.77"))
			answers[email] = err.Error()
		}
	}
	if !strings.Contains(answers[c.email], "too many tries: wait 15 minutes") || answers[c.email] != answers["nobody@estuary.example"] {
		t.Errorf("%q", answers)
	}
	before := h.passwords.runs.Load()
	_, err := h.SignIn(t.Context(), c.email, c.password, c.code(), visit("192.0.2.77"))
	h.want(dateline.ETooMany, err)
	if h.passwords.runs.Load() != before {
		t.Error("a try beyond the limit cost memory")
	}
	_, err = h.SignIn(t.Context(), c.email, c.password, c.code(), visit("203.0.113.1"))
	h.must(err)
}

func TestWhatPassesThroughBrowsers(t *testing.T) {
	h := openHouse(t)
	held, err := handOut(h.Door, "one", noon.Add(time.Minute), "words")
	h.must(err)
	if v, err := takeBack[string](h.Door, "one", noon, held); err != nil || v != "words" {
		t.Errorf("%q, %v", v, err)
	}
	for name, try := range map[string]struct {
		use, held string
		now       time.Time
	}{
		"another use": {"two", held, noon}, "too late": {"one", held, noon.Add(time.Minute)}, "changed": {"one", held[:len(held)-2] + "AA", noon},
		"short": {"one", "AAAA", noon}, "no base64": {"one", "!", noon}, "nothing": {"one", "", noon},
	} {
		if _, err := takeBack[string](h.Door, try.use, try.now, try.held); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !h.spent.take("x", noon, noon.Add(time.Minute)) || h.spent.take("x", noon, noon.Add(time.Minute)) || !h.spent.take("x", noon.Add(time.Minute), noon.Add(time.Hour)) {
		t.Error("what is good once was good otherwise")
	}
}

// TestSecretsAreNotKept: the database holds no secret in a form that opens anything.
func TestSecretsAreNotKept(t *testing.T) {
	h := openHouse(t)
	link := h.invited("nalini@estuary.example", dateline.RoleEditor)
	c := h.join(link, "Nalini Okar", "nalini@estuary.example")
	h.must(h.view(t.Context(), func(tn *turn) error {
		p, err := tn.FindPassword(c.account.ID)
		s, gone := tn.FindSession(hashSecret(c.session))
		all := fmt.Sprintf("%s %s %x %s", p.Hash, p.Secret, s.Hash, s.Hash)
		for _, secret := range []string{c.session, c.secret, c.password, link} {
			if strings.Contains(all, secret) {
				t.Errorf("%s is kept as it is", secret)
			}
		}
		if gone != nil {
			return gone
		}
		return err
	}))
}
