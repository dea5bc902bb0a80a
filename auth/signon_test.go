package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
)

// provider is a small OpenID Connect provider: discovery, keys, authorization code with PKCE, RS256.
type provider struct {
	*testing.T
	*httptest.Server
	key    *rsa.PrivateKey
	mu     sync.Mutex
	grants map[string]url.Values // by code
	says   map[string]any        // claims in place of the usual
	asked  int                   // for tokens
}

func openProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{T: t, key: key, grants: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
			"jwks_uri": p.URL + "/keys", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// authorize is what a person does at the provider: it gives the state and a code.
func (p *provider) authorize(address string) (state, code string) {
	p.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, p.URL+"/authorize?") {
		p.Fatalf("sent to %s: %v", address, err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "dateline" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("redirect_uri") != redirect {
		p.Errorf("asked for %v", q)
	}
	code = base64.RawURLEncoding.EncodeToString([]byte(q.Get("nonce")))[:20]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grants[code] = q
	return q.Get("state"), code
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	id, secret, _ := r.BasicAuth()
	q := p.grants[r.PostFormValue("code")]
	delete(p.grants, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if q == nil || id != "dateline" || secret != "between-us" || base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") || r.PostFormValue("redirect_uri") != redirect {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{"iss": p.URL, "aud": "dateline", "sub": "subject-1", "nonce": q.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		"email": "nalini.okar@estuary.example", "email_verified": true, "name": "Nalini Okar"}
	maps.Copy(claims, p.says)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "one"}}, nil)
	if err != nil {
		p.Error(err)
	}
	raw, _ := json.Marshal(claims)
	signed, err := signer.Sign(raw)
	if err != nil {
		p.Error(err)
	}
	token, _ := signed.CompactSerialize()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})
}

const redirect = "http://localhost:8081/sign-in/provider/callback"

func (h *house) signOn(p *provider) *SignOn {
	h.Helper()
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline test", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	h.must(err)
	s, err := h.SignOn(SignOnConfig{Name: "The house", Issuer: p.URL, ClientID: "dateline", ClientSecret: "between-us", Fetch: client})
	h.must(err)
	return s
}

// come goes to the provider and back.
func (h *house) come(s *SignOn, p *provider) (Entrance, string, error) {
	h.Helper()
	address, held, err := s.Leave(h.Context(), redirect, "/articles/7")
	h.must(err)
	state, code := p.authorize(address)
	return s.Return(h.Context(), redirect, held, state, code, visit("192.0.2.1"))
}

func TestSignOn(t *testing.T) {
	h, p := openHouse(t), openProvider(t)
	s := h.signOn(p)
	_, _, err := h.come(s, p)
	h.want(dateline.EForbidden, err) // nobody invited them
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	in, next, err := h.come(s, p)
	h.must(err)
	if in.Account.ID != c.account.ID || next != "/articles/7" {
		t.Errorf("%+v goes to %s", in.Account, next)
	}
	if w, code := h.who(in.Secret); code != "" || w.Session.Way != "sign-on" {
		t.Errorf("%+v, %q", w, code)
	}

	// It is the subject that is known from now on, whatever its address is there.
	p.says = map[string]any{"email": "married@estuary.example"}
	in, _, err = h.come(s, p)
	h.must(err)
	if in.Account.ID != c.account.ID {
		t.Errorf("the same subject is another account: %+v", in.Account)
	}
	_, err = h.EndAccount(t.Context(), head, c.account.ID, 0)
	h.must(err)
	_, _, err = h.come(s, p)
	h.want(dateline.EForbidden, err)
}

func TestSignOnTakesAnInvitation(t *testing.T) {
	h, p := openHouse(t), openProvider(t)
	s := h.signOn(p)
	link := h.invited("Nalini.Okar@estuary.example", dateline.RoleReporter, h.city)
	in, _, err := h.come(s, p)
	h.must(err)
	if in.Account.Name != "Nalini Okar" || in.Account.Role != dateline.RoleReporter || len(in.Account.Sections) != 1 {
		t.Errorf("%+v", in.Account)
	}
	_, err = h.Invited(t.Context(), link)
	h.want(dateline.EUnauthorized, err)

	i, _, err := h.Invite(t.Context(), head, "second@estuary.example", dateline.RoleEditor, nil)
	h.must(err)
	h.must(h.RevokeInvitation(t.Context(), head, i.ID))
	p.says = map[string]any{"sub": "subject-2", "email": "second@estuary.example"}
	_, _, err = h.come(s, p)
	h.want(dateline.EForbidden, err)
}

func TestSignOnRefusals(t *testing.T) {
	h, p := openHouse(t), openProvider(t)
	s := h.signOn(p)
	h.colleague("Nalini Okar", dateline.RoleEditor)
	for name, says := range map[string]map[string]any{
		"not verified": {"email_verified": false}, "says nothing of it": {"email_verified": nil}, "no address": {"email": ""}, "no subject": {"sub": ""},
	} {
		p.says = says
		_, _, err := h.come(s, p)
		if dateline.ErrorCode(err) != dateline.EForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, says := range map[string]map[string]any{
		"another audience": {"aud": "somebody"}, "another issuer": {"iss": "https://evil.example"}, "another nonce": {"nonce": "x"}, "run out": {"exp": time.Now().Add(-time.Hour).Unix()},
	} {
		p.says = says
		_, _, err := h.come(s, p)
		if dateline.ErrorCode(err) != dateline.EUnauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.says = nil

	address, held, err := s.Leave(t.Context(), redirect, "/")
	h.must(err)
	state, code := p.authorize(address)
	_, other, err := s.Leave(t.Context(), redirect, "/")
	h.must(err)
	asked := p.asked
	for name, try := range map[string]struct{ held, state, code string }{
		"another state": {held, state + "x", code}, "no code": {held, state, ""}, "another browser": {other, state, code}, "no cookie": {"", state, code},
	} {
		if _, _, err := s.Return(t.Context(), redirect, try.held, try.state, try.code, visit("192.0.2.1")); err == nil {
			t.Errorf("%s lets in", name)
		}
	}
	if p.asked != asked {
		t.Error("the provider was asked for what could be refused here")
	}
	_, _, err = s.Return(t.Context(), redirect, held, state, code, visit("192.0.2.1"))
	h.must(err)
	_, _, err = s.Return(t.Context(), redirect, held, state, code, visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)

	forged, err := rsa.GenerateKey(rand.Reader, 2048)
	h.must(err)
	p.key = forged
	_, _, err = h.come(s, p)
	h.want(dateline.EUnauthorized, err)

	p.Close()
	_, _, err = h.signOn(p).Leave(t.Context(), redirect, "/")
	h.want(dateline.EUnavailable, err) // and the newsroom had started without it
}
