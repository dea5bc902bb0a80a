package dateline_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
)

func TestASentenceIsSaidInTwoLanguages(t *testing.T) {
	catalogue := map[string]string{
		"edition %d, %s": "%[2]s, Ausgabe %[1]d", "correction": "Berichtigung", "%s: %v": "%s – %v", "the pier is shut": "die Mole ist zu", "100%% of %.3q": "%q zu 100%%",
	}
	german := func(format string) string { return catalogue[format] }
	for name, test := range map[string]struct {
		said            dateline.Sentence
		english, german string
	}{
		"places of another order":    {dateline.Say("edition %d, %s", 2, dateline.ChangeCorrection), "edition 2, correction", "Berichtigung, Ausgabe 2"},
		"what the language lacks":    {dateline.Say("edition %d", 2), "edition 2", "edition 2"},
		"an error in it":             {dateline.Say("%s: %v", "world", dateline.Errorf(dateline.EState, "the pier is shut")), "world: the pier is shut", "world – die Mole ist zu"},
		"a wrapped error":            {dateline.Say("%v", errors.Join(dateline.Errorf(dateline.EState, "the pier is shut"))), "the pier is shut", "die Mole ist zu"},
		"nothing but a sentence":     {dateline.Say("%s", dateline.Say("the pier is shut")), "the pier is shut", "die Mole ist zu"},
		"words that are nobody's":    {dateline.Say("%s", "correction"), "correction", "correction"},
		"a sign that is no place":    {dateline.Say("100%% of %.3q", "boats"), `100% of "boa"`, `"boa" zu 100%`},
		"words that look like one":   {dateline.Say("edition %d, %s", 2, "%[1]s %d"), "edition 2, %[1]s %d", "%[1]s %d, Ausgabe 2"},
		"nothing":                    {dateline.Sentence{}, "", ""},
		"a phrase that has no words": {dateline.Say("%s", dateline.Phrase("50% of it")), "50% of it", "50% of it"},
	} {
		if got := test.said.String(); got != test.english {
			t.Errorf("%s: in English %q, want %q", name, got, test.english)
		}
		b, err := json.Marshal(test.said)
		if err != nil {
			t.Fatal(err)
		}
		var kept dateline.Sentence
		if err := json.Unmarshal(b, &kept); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.said, kept); diff != "" {
			t.Errorf("%s is not kept as it was: %s", name, diff)
		}
		if got := kept.In(german); got != test.german {
			t.Errorf("%s: in German %q, want %q", name, got, test.german)
		}
	}
}

func TestAnErrorIsSaidWithWhatIsInIt(t *testing.T) {
	e := dateline.Errorf(dateline.EInvalid, "%q cannot be used", "the pier")
	e.Fields = []dateline.Field{dateline.Wrong("slug", dateline.Errorf(dateline.EInvalid, "it has %d characters", 90)), {Path: "name", Message: "is 100% needed"}}
	e.Cause = errors.New("the tide")
	if got := e.Sentence().String(); got != e.Error() {
		t.Errorf("the error is %q and its sentence %q", e, got)
	}
	if got := e.Alone().String(); got != e.Message {
		t.Errorf("the message is %q and its sentence %q", e.Message, got)
	}
	e.Message = "changed afterwards"
	if got := e.Alone().String(); got != e.Message {
		t.Errorf("the message became %q and its sentence is %q", e.Message, got)
	}
	words := map[string]string{"it has %d characters": "%d Zeichen"}
	if got := e.Fields[0].Sentence().In(func(s string) string { return words[s] }); got != "90 Zeichen" {
		t.Errorf("the field says %q", got)
	}
}
