package render

// LiveWords are the catalogue's words of live coverage.
type LiveWords struct {
	// What stands where the section's label is.
	Live, Planned, Paused, Ended string

	// The margin.
	LatestEntry, Began, EndedAt string
	Entries, Corrected          Plural

	// The head.
	WhatWeKnow, KeyEvents, NotBegun string

	// Entries. {at} is the time that an entry is of, {time} when something was done to it.
	Pinned, CorrectedAt, ChangedAt, Removed                 string
	SaidChanged, SaidCorrected, SaidRemoved                 string
	WholeArticle, OfCoverage                                string
	NewSince                                                Plural // what a reader is told of; {time} is that of the newest entry on the page
	NewerEntries, EntriesBefore, AllEntries, EntriesOnPages string
}

var englishLive = LiveWords{
	Live: "Live", Planned: "Live soon", Paused: "Live, paused", Ended: "Live, ended",
	LatestEntry: "Latest entry", Began: "Began", EndedAt: "Ended",
	Entries:    Plural{One: "{n} entry.", Other: "{n} entries."},
	Corrected:  Plural{One: "One corrected.", Other: "{n} corrected."},
	WhatWeKnow: "What we know at {time}", KeyEvents: "Main events", NotBegun: "It has not begun yet. Entries will appear here as they are posted.",
	Pinned: "Pinned", CorrectedAt: "Corrected {time}", ChangedAt: "Changed {time}",
	Removed:     "An entry of {at} was removed at {time}: {why}",
	SaidChanged: "The entry of {at} was changed.", SaidCorrected: "The entry of {at} was corrected.", SaidRemoved: "The entry of {at} was removed.",
	WholeArticle: "More on this: [{headline}]", OfCoverage: "From our live coverage, {time}: [{headline}]",
	NewSince:     Plural{One: "{n} new entry since {time}. Show it", Other: "{n} new entries since {time}. Show them"},
	NewerEntries: "Newer entries", EntriesBefore: "Entries before {time}", AllEntries: "All entries, newest first", EntriesOnPages: "Entries",
}

var hindiLive = LiveWords{
	Live: "सीधा हाल", Planned: "सीधा हाल जल्द", Paused: "सीधा हाल, रुका हुआ", Ended: "सीधा हाल, समाप्त",
	LatestEntry: "सबसे नई प्रविष्टि", Began: "शुरू", EndedAt: "समाप्त",
	Entries:    Plural{One: "{n} प्रविष्टि।", Other: "{n} प्रविष्टियाँ।"},
	Corrected:  Plural{One: "{n} में सुधार।", Other: "{n} में सुधार।"},
	WhatWeKnow: "{time} तक हमें क्या पता है", KeyEvents: "मुख्य घटनाएँ", NotBegun: "अभी शुरू नहीं हुआ है। प्रविष्टियाँ आते ही यहाँ दिखेंगी।",
	Pinned: "ऊपर टिकी हुई", CorrectedAt: "{time} पर सुधारा गया", ChangedAt: "{time} पर बदला गया",
	Removed:     "{at} की एक प्रविष्टि {time} पर हटाई गई: {why}",
	SaidChanged: "{at} की प्रविष्टि बदली गई।", SaidCorrected: "{at} की प्रविष्टि में सुधार हुआ।", SaidRemoved: "{at} की प्रविष्टि हटाई गई।",
	WholeArticle: "इस पर और: [{headline}]", OfCoverage: "हमारे सीधे हाल से, {time}: [{headline}]",
	NewSince:     Plural{One: "{time} के बाद {n} नई प्रविष्टि। दिखाएँ", Other: "{time} के बाद {n} नई प्रविष्टियाँ। दिखाएँ"},
	NewerEntries: "नई प्रविष्टियाँ", EntriesBefore: "{time} से पहले की प्रविष्टियाँ", AllEntries: "सभी प्रविष्टियाँ, नई पहले", EntriesOnPages: "प्रविष्टियाँ",
}

var arabicLive = LiveWords{
	Live: "مباشر", Planned: "مباشر قريبًا", Paused: "مباشر، متوقف مؤقتًا", Ended: "مباشر، انتهى",
	LatestEntry: "أحدث مشاركة", Began: "بدأت", EndedAt: "انتهت",
	Entries: Plural{Zero: "لا مشاركات.", One: "مشاركة واحدة.", Two: "مشاركتان.", Few: "{n} مشاركات.", Many: "{n} مشاركة.", Other: "{n} مشاركة."},
	Corrected: Plural{Zero: "لم يصحح شيء.", One: "صُححت واحدة.", Two: "صُححت اثنتان.", Few: "صُححت {n} منها.", Many: "صُححت {n} منها.",
		Other: "صُححت {n} منها."},
	WhatWeKnow: "ما نعرفه حتى {time}", KeyEvents: "أبرز الأحداث", NotBegun: "لم تبدأ بعد. ستظهر المشاركات هنا عند نشرها.",
	Pinned: "مثبتة", CorrectedAt: "صُححت {time}", ChangedAt: "عُدلت {time}",
	Removed:     "أزيلت مشاركة من {at} في {time}: {why}",
	SaidChanged: "عُدلت مشاركة {at}.", SaidCorrected: "صُححت مشاركة {at}.", SaidRemoved: "أزيلت مشاركة {at}.",
	WholeArticle: "المزيد: [{headline}]", OfCoverage: "من تغطيتنا المباشرة، {time}: [{headline}]",
	NewSince: Plural{Zero: "لا جديد منذ {time}", One: "مشاركة جديدة منذ {time}. اعرضها", Two: "مشاركتان جديدتان منذ {time}. اعرضهما",
		Few: "{n} مشاركات جديدة منذ {time}. اعرضها", Many: "{n} مشاركة جديدة منذ {time}. اعرضها", Other: "{n} مشاركة جديدة منذ {time}. اعرضها"},
	NewerEntries: "مشاركات أحدث", EntriesBefore: "مشاركات قبل {time}", AllEntries: "كل المشاركات، الأحدث أولًا", EntriesOnPages: "المشاركات",
}
