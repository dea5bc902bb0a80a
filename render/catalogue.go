package render

import (
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// Catalogue holds every word that Dateline itself puts before readers in one language. In the strings a word in braces
// stands for what is put there ({date}, {n}), and words in square brackets become a link.
type Catalogue struct {
	Language  string // BCP 47
	Direction string // ltr or rtl

	// Dates, times and lists of names.
	Months        [12]string
	Weekdays      [7]string // Sunday first, as time.Weekday counts
	ShortWeekdays [7]string
	FirstDay      time.Weekday // of a calendar's week
	AfterWeekday  string       // between a weekday and its date
	Comma         string       // with its space
	And           string       // before the last of several names, with its spaces
	Today         string
	Yesterday     string
	Zones         map[string]string // IANA names to what people call them; those without are left to AllTimesLocal

	// The frame.
	Skip, PaperNavigation, SectionNavigation, FooterNavigation string
	Search, Archive, Corrections, Feeds, WriteToEditor, Record string
	PublishedIn, AllTimes, AllTimesLocal                       string
	Weather, WeatherAhead, Forecast, ShowCity, NoForecast      string
	Conditions                                                 map[string]string

	// What an article is and what happened to it.
	Labels      map[dateline.Label]string
	Changes     map[dateline.Change]string // as a word: Correction
	ChangeNames map[dateline.Change]string // in a sentence: correction
	WithChange  map[dateline.Change]string // after a time: with a correction

	// The article page.
	By, Updated, UpdatedAt, FirstPublished                  string
	SeeWhatChanged                                          Plural
	PictureBy, PicturesBy, PictureMissing                   string
	Dash                                                    string // between dateline and text
	OpenQuote, CloseQuote                                   string
	Embed, EmbedUntitled, OpenThere, ShowHere               string
	Table, NameRemoved                                      string
	SeeTheChange, ReadTheEdition, Retracted, RetractedBelow string
	Topics, Related, OtherLanguages                         string
	Age                                                     Plural
	Numbers                                                 []string // words for 0 to as many as are written out, for {word}
	AgeFrom                                                 string

	// Fronts and lists.
	LastChanged, LastChangedOn, Latest, NothingYet, Breaking, MostRead string
	Pages, Newest, EarlierThan, EarlierOnes                            string
	CorrectionsAre, NoCorrections                                      string

	// The archive.
	Articles, SinceArticles                              Plural
	MonthsOf, Years, OtherYears, NoArticlesThatDay, Days string

	// Search.
	SearchFor, SearchWords, Order, BestMatch, NewestFirst          string
	Section, AllSections, Topic, AllTopics, From, To, SearchButton string
	MoreThan, NothingFound, NothingFoundAdvice, NextResults        string
	SimilarWords                                                   string
	MostRelevant                                                   Plural
	Corrected                                                      map[dateline.Change]string // after a time: corrected
	Problems                                                       map[SearchProblem]string

	// History and differences.
	WhatChanged, BackToArticle, Editions, Edition, EveryEdition, Superseded      string
	CheckRecord, ImportedOn, WordsTakenOut, TextRemoved, Unchanged, TheParagraph string
	AddedIn, TakenOutOf, AddedHidden, RemovedHidden, Differences                 string
	BlockAdded, BlockRemoved, MovedHere, MovedAway, ParagraphBreak               string
	SplitNow, MergedNow, MadeNow                                                 string
	EditionPair, FirstEdition, NothingDiffers, DetailDiffers                     string
	BlocksDiffer, WordsAdded, WordsRemoved                                       Plural
	Parts                                                                        map[DiffPart]Plural

	// What is not there.
	WithdrawnOn, Unavailable, Withdrawn, ItAppearedIn, NotKept string
	WithdrawnBy                                                map[dateline.WithdrawalKind]string
	ItHadEditions                                              Plural
	RecordRemains, RecordEntries, IfWrong, FromTheSameDay      string
	NotFound, NotFoundAdvice, Failed, FailedAdvice             string
	PersonErased, PersonErasedWhy                              string

	StoryWords
	Live   LiveWords
	Then   ThenWords
	Verify VerifyWords

	plural pluralRule
}

// CatalogueFor gives the catalogue of a language, of its base where there is none for a variety, and false where there
// is none at all.
func CatalogueFor(language string) (*Catalogue, bool) {
	base, _, _ := strings.Cut(language, "-")
	switch strings.ToLower(base) {
	case "en":
		return &english, true
	case "hi":
		return &hindi, true
	case "ar":
		return &arabic, true
	}
	return nil, false
}

// FrameLanguage is the language in which the frame of a page is worded: that of its article where there is a catalogue
// for it, otherwise the publication's, otherwise English.
func FrameLanguage(article, publication string) string {
	for _, language := range [...]string{article, publication} {
		if _, ok := CatalogueFor(language); ok {
			return language
		}
	}
	return english.Language
}

// catalogueOr is the catalogue of a frame's language; English for a language that FrameLanguage would not have given.
func catalogueOr(language string) *Catalogue {
	if c, ok := CatalogueFor(language); ok {
		return c
	}
	return &english
}

// Direction is the direction in which a language is written: rtl or ltr.
func Direction(language string) string {
	sub := strings.Split(strings.ToLower(language), "-")
	for _, s := range sub[1:] {
		switch s {
		case "arab", "hebr", "nkoo", "thaa", "syrc":
			return "rtl"
		case "latn", "cyrl", "deva":
			return "ltr"
		}
	}
	switch sub[0] {
	case "ar", "he", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "ks", "arc", "syr", "nqo":
		return "rtl"
	}
	return "ltr"
}

// ownName is what a language calls itself, for a link to a translation; the tag where it is not known here.
func ownName(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	for _, n := range ownNames {
		if n.tag == base {
			return n.name
		}
	}
	return language
}

var ownNames = [...]struct{ tag, name string }{
	{"ar", "العربية"}, {"bn", "বাংলা"}, {"de", "Deutsch"}, {"en", "English"}, {"es", "Español"}, {"fa", "فارسی"},
	{"fr", "Français"}, {"gu", "ગુજરાતી"}, {"he", "עברית"}, {"hi", "हिन्दी"}, {"id", "Bahasa Indonesia"}, {"it", "Italiano"},
	{"ja", "日本語"}, {"kn", "ಕನ್ನಡ"}, {"ko", "한국어"}, {"ml", "മലയാളം"}, {"mr", "मराठी"}, {"ne", "नेपाली"}, {"nl", "Nederlands"},
	{"pa", "ਪੰਜਾਬੀ"}, {"pl", "Polski"}, {"pt", "Português"}, {"ru", "Русский"}, {"si", "සිංහල"}, {"ta", "தமிழ்"}, {"te", "తెలుగు"},
	{"tr", "Türkçe"}, {"uk", "Українська"}, {"ur", "اردو"}, {"vi", "Tiếng Việt"}, {"zh", "中文"},
}

// put fills the places of a string: pairs of a name without its braces and what stands there.
func put(s string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+pairs[i]+"}", pairs[i+1])
	}
	return s
}

// splitTag parts a language tag into its base, in lower case, and the rest.
func splitTag(tag string) (base, rest string) {
	base, rest, _ = strings.Cut(tag, "-")
	return strings.ToLower(base), rest
}
