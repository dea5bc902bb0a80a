package render

import "github.com/datelinehq/dateline"

// StoryWords are a catalogue's words for running stories and their dates.
type StoryWords struct {
	// Dates that are known no more exactly.
	Weeks    [5]string // of a month; the fifth is its last
	WeekOf   string
	Seasons  [4]string
	SeasonOf string

	RunningStory, RunningStories, WhatIsNext, WhatHasHappened, HowItCame string
	StatusSince, WhenWritten, StatusBefore, StatusWord                   string
	SinceThisOne, WholeStory, StoryArticles                              Plural
	MoreSinceThisOne                                                     string
	Background, Parties                                                  string
	SourceIs, SourceOurs, SourceEdition, SourceParagraph                 string
	ThisIsFrom, SinceThen                                                string
	NewSince, NewSinceYouRead, FollowByFeed                              string
	NextIs, EndedOn                                                      string
	NothingHappened, EarlierInStory                                      string
	StoryParts, PartOfStories                                            string // what is part of a story; what a story is part of

	// What is new since somebody last read.
	SinceTitle, SinceStatusSame, SinceStatusWas, SinceNothing, SinceNew, SinceCorrected, SinceNext, ReadWholeStory string
	// A story that was taken down.
	StoryWithdrawn, BackToStory string
	// How a status is meant, for those whose own words do not say it.
	States map[dateline.StoryState]string
}

var englishStory = StoryWords{
	Weeks: [5]string{"First week", "Second week", "Third week", "Fourth week", "Last week"}, WeekOf: "{week} of {month} {year}",
	Seasons: [4]string{"Spring", "Summer", "Autumn", "Winter"}, SeasonOf: "{season} {year}",
	RunningStory: "Running story", RunningStories: "Running stories", WhatIsNext: "What is next", WhatHasHappened: "What has happened", HowItCame: "How it came to this",
	StatusSince: "Since {date}.", WhenWritten: "When this was written: {status}.", StatusBefore: "Before: {status}.", StatusWord: "Status",
	SinceThisOne:     Plural{One: "One article since this one", Other: "{n} articles since this one"},
	WholeStory:       Plural{One: "The whole story, one article", Other: "The whole story, {n} articles"},
	StoryArticles:    Plural{One: "One article", Other: "{n} articles"},
	MoreSinceThisOne: "More than {count} articles since this one", Background: "Background", Parties: "The parties",
	SourceIs: "[Source: {name}]", SourceOurs: "[Source: our report]", SourceEdition: "[Source: our report, edition {n}]", SourceParagraph: "[Source: our report, edition {n}, paragraph {paragraph}]",
	ThisIsFrom: "This is from {date}.", SinceThen: "Since then: {status}.",
	NewSince: "What is new since {date}", NewSinceYouRead: "What is new since you last read", FollowByFeed: "Follow by feed",
	NextIs: "Next: {what}, {when}.", EndedOn: "Ended {date}.", NothingHappened: "Nothing is written down here yet.", EarlierInStory: "Earlier",
	StoryParts: "Stories that are part of this one", PartOfStories: "Part of {stories}",
	SinceTitle: "New since {time}", SinceStatusSame: "The status is what it was: {status}.", SinceStatusWas: "It was: {status}.", SinceNothing: "Nothing has been added since then.",
	SinceNew: "New", SinceCorrected: "Changed", SinceNext: "Newly awaited", ReadWholeStory: "The whole story",
	StoryWithdrawn: "This story is no longer told here", BackToStory: "Back to the story",
	States: map[dateline.StoryState]string{dateline.StoryExpected: "expected", dateline.StoryUncertain: "uncertain", dateline.StoryUnderWay: "under way",
		dateline.StorySuspended: "suspended", dateline.StoryEnded: "ended", dateline.StoryCalledOff: "called off"},
}

var hindiStory = StoryWords{
	Weeks: [5]string{"पहला सप्ताह", "दूसरा सप्ताह", "तीसरा सप्ताह", "चौथा सप्ताह", "आख़िरी सप्ताह"}, WeekOf: "{month} {year} का {week}",
	Seasons: [4]string{"वसंत", "गर्मी", "शरद", "सर्दी"}, SeasonOf: "{season} {year}",
	RunningStory: "जारी कहानी", RunningStories: "जारी कहानियाँ", WhatIsNext: "आगे क्या", WhatHasHappened: "अब तक क्या हुआ", HowItCame: "यहाँ तक कैसे पहुँचे",
	StatusSince: "{date} से।", WhenWritten: "जब यह लिखा गया: {status}।", StatusBefore: "इससे पहले: {status}।", StatusWord: "स्थिति",
	SinceThisOne:     Plural{One: "इसके बाद एक लेख", Other: "इसके बाद {n} लेख"},
	WholeStory:       Plural{One: "पूरी कहानी, एक लेख", Other: "पूरी कहानी, {n} लेख"},
	StoryArticles:    Plural{One: "एक लेख", Other: "{n} लेख"},
	MoreSinceThisOne: "इसके बाद {count} से अधिक लेख", Background: "पृष्ठभूमि", Parties: "पक्ष",
	SourceIs: "[स्रोत: {name}]", SourceOurs: "[स्रोत: हमारी रिपोर्ट]", SourceEdition: "[स्रोत: हमारी रिपोर्ट, संस्करण {n}]", SourceParagraph: "[स्रोत: हमारी रिपोर्ट, संस्करण {n}, अनुच्छेद {paragraph}]",
	ThisIsFrom: "यह {date} का है।", SinceThen: "तब से: {status}।",
	NewSince: "{date} के बाद नया क्या है", NewSinceYouRead: "आपके पिछली बार पढ़ने के बाद नया क्या है", FollowByFeed: "फ़ीड से पढ़ते रहें",
	NextIs: "आगे: {what}, {when}।", EndedOn: "{date} को समाप्त।", NothingHappened: "यहाँ अभी कुछ नहीं लिखा गया है।", EarlierInStory: "इससे पहले का",
	StoryParts: "इस कहानी के भाग", PartOfStories: "{stories} का भाग",
	SinceTitle: "{time} के बाद नया", SinceStatusSame: "स्थिति वही है: {status}।", SinceStatusWas: "पहले थी: {status}।", SinceNothing: "तब से कुछ नहीं जुड़ा है।",
	SinceNew: "नया", SinceCorrected: "बदला हुआ", SinceNext: "अब प्रतीक्षित", ReadWholeStory: "पूरी कहानी",
	StoryWithdrawn: "यह कहानी अब यहाँ नहीं है", BackToStory: "कहानी पर वापस",
	States: map[dateline.StoryState]string{dateline.StoryExpected: "अपेक्षित", dateline.StoryUncertain: "अनिश्चित", dateline.StoryUnderWay: "जारी",
		dateline.StorySuspended: "स्थगित", dateline.StoryEnded: "समाप्त", dateline.StoryCalledOff: "रद्द"},
}

var arabicStory = StoryWords{
	Weeks: [5]string{"الأسبوع الأول", "الأسبوع الثاني", "الأسبوع الثالث", "الأسبوع الرابع", "الأسبوع الأخير"}, WeekOf: "{week} من {month} {year}",
	Seasons: [4]string{"ربيع", "صيف", "خريف", "شتاء"}, SeasonOf: "{season} {year}",
	RunningStory: "قضية متواصلة", RunningStories: "قضايا متواصلة", WhatIsNext: "ما التالي", WhatHasHappened: "ما جرى", HowItCame: "كيف وصل الأمر إلى هنا",
	StatusSince: "منذ {date}.", WhenWritten: "عند كتابة هذا: {status}.", StatusBefore: "قبل ذلك: {status}.", StatusWord: "الحالة",
	SinceThisOne: Plural{Zero: "لا مقالات بعد هذا", One: "مقال واحد بعد هذا", Two: "مقالان بعد هذا", Few: "{n} مقالات بعد هذا", Many: "{n} مقالًا بعد هذا", Other: "{n} مقال بعد هذا"},
	WholeStory: Plural{Zero: "القضية كاملة", One: "القضية كاملة، مقال واحد", Two: "القضية كاملة، مقالان", Few: "القضية كاملة، {n} مقالات", Many: "القضية كاملة، {n} مقالًا",
		Other: "القضية كاملة، {n} مقال"},
	StoryArticles:    Plural{Zero: "لا مقالات", One: "مقال واحد", Two: "مقالان", Few: "{n} مقالات", Many: "{n} مقالًا", Other: "{n} مقال"},
	MoreSinceThisOne: "أكثر من {count} مقال بعد هذا", Background: "الخلفية", Parties: "الأطراف",
	SourceIs: "[المصدر: {name}]", SourceOurs: "[المصدر: تقريرنا]", SourceEdition: "[المصدر: تقريرنا، الطبعة {n}]", SourceParagraph: "[المصدر: تقريرنا، الطبعة {n}، الفقرة {paragraph}]",
	ThisIsFrom: "هذا من {date}.", SinceThen: "منذ ذلك الحين: {status}.",
	NewSince: "الجديد منذ {date}", NewSinceYouRead: "الجديد منذ قراءتك الأخيرة", FollowByFeed: "المتابعة بالخلاصة",
	NextIs: "التالي: {what}، {when}.", EndedOn: "انتهت في {date}.", NothingHappened: "لم يُكتب هنا شيء بعد.", EarlierInStory: "ما قبل ذلك",
	StoryParts: "قضايا هي جزء من هذه", PartOfStories: "جزء من {stories}",
	SinceTitle: "الجديد منذ {time}", SinceStatusSame: "الحالة كما كانت: {status}.", SinceStatusWas: "كانت: {status}.", SinceNothing: "لم يُضف شيء منذ ذلك الحين.",
	SinceNew: "جديد", SinceCorrected: "ما تغيّر", SinceNext: "المنتظر حديثًا", ReadWholeStory: "القضية كاملة",
	StoryWithdrawn: "لم تعد هذه القضية تُروى هنا", BackToStory: "العودة إلى القضية",
	States: map[dateline.StoryState]string{dateline.StoryExpected: "مرتقب", dateline.StoryUncertain: "غير مؤكد", dateline.StoryUnderWay: "جارٍ",
		dateline.StorySuspended: "معلّق", dateline.StoryEnded: "انتهى", dateline.StoryCalledOff: "أُلغي"},
}
