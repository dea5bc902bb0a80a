package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"english", "The Court's ruling, re-read: 3,000 pages.", "the court s ruling re read 3 000 pages"},
		{"german", "Straße, Übergröße & Fußgänger", "strasse ubergrosse fussganger"},
		{"capital sharp s", "STRAẞE", "strasse"},
		{"ligatures and strokes", "Æsir œuvre Łódź smørrebrød ﬁn", "aesir oeuvre lodz smorrebrod fin"},
		{"accents written apart", "cafe\u0301 café CAFÉ", "cafe cafe cafe"},
		{"vietnamese", "Đường phố Việt Nam", "duong pho viet nam"},
		{"turkish", "İstanbul ılık", "istanbul ilik"},
		{"greek", "Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"},
		{"cyrillic", "Ёлка ёлка ЕЛКА", "елка елка елка"},
		{"hindi", "दिल और दाल, दिल्ली।", "दिल और दाल दिल्ली"},
		{"hindi with nukta in one or two characters", "क़लम \u0915\u093cलम", "कलम कलम"},
		{"hindi with either sign of a nasal vowel", "चाँद चांद", "चांद चांद"},
		{"digits of other scripts", "२०१४ ٢٠١٤ ۲۰۱۴ ２０１４ 𝟚𝟘𝟙𝟜", "2014 2014 2014 2014 2014"},
		{"vocalised arabic", "الْكِتَاب كِتَاب كتاب", "الكتاب كتاب كتاب"},
		{"tatweel", "كـــتاب", "كتاب"},
		{"alef, ya and ta marbuta", "أحمد إلى آل مدرسة مدرسه على علي", "احمد الي ال مدرسه مدرسه علي علي"},
		{"persian letters", "کتاب می\u200cخواهم", "كتاب ميخواهم"},
		{"hebrew points", "שָׁלוֹם", "שלום"},
		{"han in pairs", "新华社北京", "新华 华社 社北 北京"},
		{"han among latin", "在GDP中", "在 gdp 中"},
		{"two words of han", "北京，上海", "北京 上海"},
		{"kana", "カタカナ", "カタ タカ カナ"},
		{"thai", "ที่นี่", "ที่นี่"},
		{"hangul", "한국어 뉴스", "한국어 뉴스"},
		{"subscripts", "CO₂ m²", "co2 m2"},
		{"underscore parts", "_s3 snake_case __", "s3 snake case"},
		{"no words", "— … “” \n\t 😀", ""},
		{"quotation and operators", `"a" OR b* NEAR(c) -d`, "a or b near c d"},
		{"soft hyphen", "Donau\u00addampf", "donaudampf"},
		{"byte that is no text", "a\xffb", "a b"},
		{"nul", "a\x00b", "a b"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(AppendTokens(nil, tt.in)); got != tt.want {
				t.Errorf("AppendTokens(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestTokensAppends(t *testing.T) {
	if got := string(AppendTokens([]byte("kept"), "One two")); got != "kept one two" {
		t.Errorf("got %q", got)
	}
	if got := string(AppendTokens([]byte("kept"), "…")); got != "kept" {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff([]string{"kept", "one", "two"}, Tokens([]string{"kept"}, "One, two")); diff != "" {
		t.Error(diff)
	}
}

func TestTokenLimit(t *testing.T) {
	for _, in := range []string{strings.Repeat("a", 100), strings.Repeat("é", 100), strings.Repeat("ß", 50), strings.Repeat("अ", 50), "x" + strings.Repeat("ह", 50) + "a", "ก" + strings.Repeat("ิ", 90)} {
		tokens := Tokens(nil, in)
		if len(tokens) != 1 || len(tokens[0]) > MaxToken || !utf8.ValidString(tokens[0]) {
			t.Errorf("Tokens(%.12q…) = %q", in, tokens)
		}
	}
	if got := Tokens(nil, strings.Repeat("b", 60)+" end"); len(got) != 2 || got[1] != "end" {
		t.Errorf("the word after a long one is lost: %q", got)
	}
}

func TestParseQuery(t *testing.T) {
	tests := []struct {
		name, in string
		want     []Term
	}{
		{"words", "Peace  Talks", []Term{{Tokens: []string{"peace"}}, {Tokens: []string{"talks"}}}},
		{"phrase", `talks "New Delhi" now`, []Term{{Tokens: []string{"talks"}}, {Tokens: []string{"new", "delhi"}, Phrase: true}, {Tokens: []string{"now"}}}},
		{"typographic quotation marks", "„Neue Straße“ «x y»", []Term{{Tokens: []string{"neue", "strasse"}, Phrase: true}, {Tokens: []string{"x", "y"}, Phrase: true}}},
		{"no partner", `one "two three`, []Term{{Tokens: []string{"one"}}, {Tokens: []string{"two"}}, {Tokens: []string{"three"}}}},
		{"empty phrase", `"" "—" a`, []Term{{Tokens: []string{"a"}}}},
		{"one word, two tokens", "e-mail", []Term{{Tokens: []string{"e", "mail"}}}},
		{"once", "a A á", []Term{{Tokens: []string{"a"}}}},
		{"chinese", "新华社", []Term{{Tokens: []string{"新华", "华社"}}}},
		{"syntax is no syntax", `a* (b) col:c`, []Term{{Tokens: []string{"a"}}, {Tokens: []string{"b"}}, {Tokens: []string{"col", "c"}}}},
		{"nothing", " \x00 _ ", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ParseQuery(tt.in).Terms); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseQueryIsBounded(t *testing.T) {
	var many strings.Builder
	for i := range 500 {
		many.WriteString(string(rune('a'+i%26)) + string(rune('a'+i/26)) + " ")
	}
	for _, in := range []string{many.String(), strings.Repeat("\"", 5000), strings.Repeat("新华社北京上海", 3000), `"` + many.String() + `"`, strings.Repeat("a\" b ", 9000)} {
		q := ParseQuery(in)
		tokens := 0
		for _, term := range q.Terms {
			tokens += len(term.Tokens)
		}
		if len(q.Terms) > MaxTerms || tokens > maxTokens {
			t.Errorf("%.20q…: %d terms, %d tokens", in, len(q.Terms), tokens)
		}
		Mark(in, q)
	}
}

// marked shows spans in brackets.
func marked(text string, spans []Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start] + "[" + text[s.Start:s.End] + "]")
		at = s.End
	}
	return b.String() + text[at:]
}

func TestMark(t *testing.T) {
	tests := []struct{ name, text, query, want string }{
		{"case and accents", "Café, CAFE and cafés", "café", "[Café], [CAFE] and [cafés]"},
		{"quoted, as it stands", "Café, CAFE and cafés", `"café"`, "[Café], [CAFE] and cafés"},
		{"german", "Die STRASSE, die Straße", "strasse", "Die [STRASSE], die [Straße]"},
		{"phrase only in a row", "New Delhi, the new Delhi; Delhi new", `"new delhi"`, "[New Delhi], the [new Delhi]; Delhi new"},
		{"phrase that begins twice", "a a b", `"a b"`, "a [a b]"},
		{"several terms", "talks on peace", "peace talks", "[talks] on [peace]"},
		{"terms over each other", "new delhi talks", `"new delhi" "delhi talks"`, "[new delhi talks]"},
		{"hindi: a vowel sign is a letter", "दिल दाल दिल्ली", "दिल", "[दिल] दाल दिल्ली"},
		{"arabic with vowels", "هذا كِتَابٌ جديد", "كتاب", "هذا [كِتَابٌ] جديد"},
		{"arabic asked with vowels", "كتاب", "كِتَاب", "[كتاب]"},
		{"with and without an article", "الْكِتَاب", "كتاب", "[الْكِتَاب]"},
		{"quoted, without an article", "الْكِتَاب", `"كتاب"`, "الْكِتَاب"},
		{"chinese", "新华社北京电", "北京", "新华社[北京]电"},
		{"chinese of three", "据新华社报道，新华电", "新华社", "据[新华社]报道，新华电"},
		{"no match", "nothing here", "peace", "nothing here"},
		{"accent apart stays with its letter", "cafe\u0301.", "cafe", "[cafe\u0301]."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := marked(tt.text, Mark(tt.text, ParseQuery(tt.query))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestMarkPrefix(t *testing.T) {
	q := ParseQuery("peace tal")
	q.Prefix = true
	const text = "Peaceful talks, peace, tale, tal"
	if got, want := marked(text, Mark(text, q)), "Peaceful [talks], [peace], [tale], [tal]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMarkOfAHandmadeQuery(t *testing.T) {
	q := Query{Prefix: true, Terms: []Term{{Tokens: make([]string, 40)}, {}, {Tokens: []string{"a"}}}}
	if got := marked("ab b", Mark("ab b", q)); got != "[ab] b" {
		t.Errorf("got %s", got)
	}
}

func TestSnippet(t *testing.T) {
	filler := strings.Repeat("Some words that nobody asks for stand here. ", 20)
	hindi := strings.Repeat("यहाँ कुछ और लिखा है। ", 20)
	tests := []struct {
		name, text, query string
		want              []string // what it must hold, marks in brackets
		not               string
	}{
		{"both terms beat one that comes first", "Peace first. " + filler + "Later the peace talks went on. " + filler, "peace talks", []string{"[peace] [talks]"}, "Peace first"},
		{"the whole of a short text", "Short peace.", "peace", []string{"Short [peace]."}, "…"},
		{"no match gives the beginning", "Begin here. " + filler, "zebra", []string{"Begin here."}, "["},
		{"hindi", hindi + "दिल की बात। " + hindi, "दिल", []string{"[दिल] की बात"}, ""},
		{"no blanks", strings.Repeat("中文字", 100) + "北京" + strings.Repeat("天地人", 100), "北京", []string{"[北京]"}, ""},
		{"hyphens instead of blanks", strings.Repeat("ab-", 200) + "peace" + strings.Repeat("-cd", 200), "peace", []string{"[peace]"}, ""},
		{"one sign at a cut", filler + "The peace " + strings.Repeat("holds, it did. ", 30), "peace", []string{"…"}, ".…"},
		{"no comma before it", "Peace " + strings.Repeat("holds, ", 60), "peace", []string{"holds…"}, ",…"},
		{"no danda before it", "दिल " + strings.Repeat("है। ", 80), "दिल", []string{"…"}, "।…"},
		{"newlines become blanks", "One line.\n\nThe peace.", "peace", []string{"One line.  The [peace]."}, "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cut, spans := Snippet(tt.text, ParseQuery(tt.query), 160)
			got := marked(cut, spans)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q lacks %q", got, want)
				}
			}
			if tt.not != "" && strings.Contains(got, tt.not) {
				t.Errorf("%q holds %q", got, tt.not)
			}
			if n := utf8.RuneCountInString(cut); n > 200 || !utf8.ValidString(cut) {
				t.Errorf("%d characters: %q", n, cut)
			}
		})
	}
}

func TestSnippetCutsBetweenWords(t *testing.T) {
	text := strings.Repeat("alpha beta gamma delta ", 40) + "needle " + strings.Repeat("alpha beta gamma delta ", 40)
	cut, _ := Snippet(text, ParseQuery("needle"), 160)
	if !strings.HasPrefix(cut, "…") || !strings.HasSuffix(cut, "…") {
		t.Fatalf("no sign of the cuts: %q", cut)
	}
	for _, word := range strings.Fields(strings.Trim(cut, "…")) {
		if !strings.Contains(" alpha beta gamma delta needle ", " "+word+" ") {
			t.Errorf("%q is half a word in %q", word, cut)
		}
	}
}

func TestAppendTokensDoesNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 64<<10)
	if n := testing.AllocsPerRun(20, func() { buf = AppendTokens(buf[:0], benchText) }); n != 0 {
		t.Errorf("%v allocations for a text in every script", n)
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{benchText, "a\xff_\"b", "新华社 \"x", "ที่นี่", "e\u0301\u0301", "ﷺ½ｶﾞ", "\u200d\u200d", strings.Repeat("ß", 41)} {
		f.Add(s, "peace दिल 北京")
		f.Add("peace and 北京 talks", s)
	}
	f.Fuzz(func(t *testing.T, text, asked string) {
		q := ParseQuery(asked)
		q.Prefix = len(asked)%2 == 0
		at := 0
		for _, s := range Mark(text, q) {
			if s.Start < at || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span %v after %d in %d bytes", s, at, len(text))
			}
			at = s.End
		}
		for _, token := range Tokens(nil, text) {
			if len(token) > MaxToken || strings.ContainsAny(token, "_\" *") || utf8.ValidString(text) && !utf8.ValidString(token) {
				t.Fatalf("token %q", token)
			}
			if again := Tokens(nil, token); len(again) != 1 || again[0] != token {
				t.Fatalf("token %q becomes %q when it is asked for", token, again)
			}
		}
		cut, spans := Snippet(text, q, 160)
		for _, s := range spans {
			_ = cut[s.Start:s.End]
		}
		if n := utf8.RuneCountInString(cut); n > 260 && utf8.ValidString(text) {
			t.Fatalf("a snippet of %d characters", n)
		}
	})
}

const benchText = `The talks, suspended in March, may resume: "Peace is a long road," said the minister's spokeswoman in New Delhi.
Die Straße nach Köln ist gesperrt. दिल्ली में वार्ता फिर शुरू हो सकती है। قال المتحدث إنّ الْكِتَاب جديد. 新华社北京六月二十七日电。`

func BenchmarkAppendTokens(b *testing.B) {
	english := strings.Repeat("The talks, suspended in March, may resume when the two sides agree on the place and the day. ", 20)
	for name, text := range map[string]string{"english": english, "mixed": strings.Repeat(benchText, 5), "hindi": strings.Repeat("दिल्ली में वार्ता फिर शुरू हो सकती है। ", 20), "chinese": strings.Repeat("新华社北京六月二十七日电。", 30)} {
		b.Run(name, func(b *testing.B) {
			buf := make([]byte, 0, 64<<10)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				buf = AppendTokens(buf[:0], text)
			}
		})
	}
}

func BenchmarkSnippet(b *testing.B) {
	text := strings.Repeat("The talks, suspended in March, may resume when the two sides agree on the place and the day. ", 60)
	q := ParseQuery("peace day")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Snippet(text, q, 180)
	}
}
